"""A slow or failing neighbour: one in a hundred is always refused, one in twenty is written to by somebody else all the time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from threading import Event, Thread
from time import time
from typing import Final

from bench.cases.storm import bought, healthy
from bench.figures import Figure, over_floor, told
from bench.observing import is_recycled
from bench.populate import Crowd, Wanted, populate
from bench.run import Run
from bench.stage import Stage
from bench.storm import Storm, ease, played, weather
from cluster.apiserver import INSTANCES, Body, Kind, Refusal
from cluster.waiting import wait_for
from prepaid.api.resource import GROUP

TARGET: Final = 1.2
LABEL: Final = "bench.prepaid.dev/neighbour"
TOUCHED: Final = "bench.prepaid.dev/touched"
POLICY: Final = "bench-refused"
GUARDS: Final = "admissionregistration.k8s.io/v1"
POLICIES: Final = Kind(GUARDS, "validatingadmissionpolicies", "ValidatingAdmissionPolicy")
BINDINGS: Final = Kind(GUARDS, "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding")
TRIES: Final = 2
REFUSED_SHARE, TOUCHED_SHARE = 100, 20
TOUCH_SECONDS: Final = 0.05
AT_THE_FRONT: Final = 3
"""Who is touched in turn: a conflict is met by what is looked at now, and the first in line is looked at first."""
HEAD_START: Final = 1.0
LABEL_SECONDS: Final = 1.0


def measure(run: Run) -> list[Figure]:
    n = run.plan.neighbour_n
    refused, touched = max(n // REFUSED_SHARE, 1), max(n // TOUCHED_SHARE, 1)

    def beside_neighbours(stage: Stage) -> Storm:
        stage.prepare()
        crowd = populate(stage, patterns, Wanted(n, ease(n) + LABEL_SECONDS))
        labelled, others = crowd.names[:refused], crowd.names[refused:]
        with refused_by_policy(stage, labelled), touching(stage, crowd, others[:: n // touched][:touched]):
            return weather(stage, crowd, without=frozenset(crowd.names[:refused]))

    with run.stage("neighbour") as stage, refusing(stage):
        patterns = bought(stage)
        grounds = [stage.ground(number) for number in range(2 * TRIES)]
        plays: list[Callable[[Stage], Storm]] = [partial(healthy, patterns=patterns, n=n), beside_neighbours] * TRIES
        storms = [played(ground, play) for ground, play in zip(grounds, plays, strict=True)]
    return [figure(n, storms[::2], storms[1::2], f"{refused} refused, {touched} touched")]


def figure(n: int, healthy: Sequence[Storm], storms: Sequence[Storm], who: str) -> Figure:
    """The best of each, which were played in turn."""
    storm, floor = (min(tried, key=lambda each: each.seconds) for tried in (storms, healthy))
    seconds, floors = (told(each.seconds for each in tried) for tried in (storms, healthy))
    note = f"best of {seconds} s; healthy {floors} s; {who}, {storm.requests.conflict_percent:.1f} % conflicts"
    return over_floor("neighbour", "all others Recycled with their items", n, storm.seconds, floor.seconds, TARGET, note=note)


@contextmanager
def refused_by_policy(stage: Stage, names: Sequence[str]) -> Iterator[None]:
    """Whatever is written into a status of theirs; afterwards they are as good as the others, and trouble no storm that follows."""
    label_all(stage, names, "refused")
    wait_for("the policy refuses", lambda: is_refused(stage, names[0]))
    try:
        yield
    finally:
        label_all(stage, names, None)


def label_all(stage: Stage, names: Sequence[str], value: str | None) -> None:
    for name in names:
        stage.admin.merge(INSTANCES, stage.namespace, name, {"metadata": {"labels": {LABEL: value}}})


@contextmanager
def refusing(stage: Stage) -> Iterator[None]:
    """A policy, in force from now on, on whoever carries the label."""
    stage.admin.call("POST", POLICIES.path(), policy())
    stage.admin.call("POST", BINDINGS.path(), binding())
    try:
        yield
    finally:
        stage.admin.delete(BINDINGS, "", POLICY)
        stage.admin.delete(POLICIES, "", POLICY)


def is_refused(stage: Stage, name: str) -> bool:
    """Tried with a write that would change nothing."""
    try:
        stage.meddler.merge(INSTANCES, stage.namespace, name, {"status": {"phase": "Running"}}, "status")
    except Refusal:
        return True
    return False


def policy() -> Body:
    rule = {"apiGroups": [GROUP], "apiVersions": ["*"], "operations": ["UPDATE"], "resources": [f"{INSTANCES.plural}/status"]}
    selected = {"matchLabels": {LABEL: "refused"}}
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [rule], "objectSelector": selected},
        "validations": [{"expression": "false", "message": "This one is refused for the bench."}],
    }
    return {"apiVersion": GUARDS, "kind": POLICIES.kind, "metadata": {"name": POLICY}, "spec": spec}


def binding() -> Body:
    spec = {"policyName": POLICY, "validationActions": ["Deny"]}
    return {"apiVersion": GUARDS, "kind": BINDINGS.kind, "metadata": {"name": POLICY}, "spec": spec}


@contextmanager
def touching(stage: Stage, crowd: Crowd, names: Sequence[str]) -> Iterator[None]:
    """Somebody else writes labels of these, from a second before the storm on until each is Recycled."""
    over = Event()

    def touch() -> None:
        over.wait(max(crowd.first_expiration - HEAD_START - time(), 0))
        left = list(names)
        for number in count():
            if not left or over.wait(TOUCH_SECONDS):
                return
            name = left[number % min(len(left), AT_THE_FRONT)]
            if is_recycled(stage.admin.merge(INSTANCES, stage.namespace, name, {"metadata": {"labels": {TOUCHED: str(number)}}})):
                left.remove(name)

    thread = Thread(target=touch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
