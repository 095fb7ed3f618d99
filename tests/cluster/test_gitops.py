"""A GitOps pipeline applies the same manifest again and again, in every way that there is, in every phase: nothing comes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any, Final

import pytest

from cluster.apiserver import CLAIMS, INSTANCES, ITEMS, ORDERS, VOLUMES, Api, Body, Kind
from cluster.operators import at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Life, Scene
from cluster.stories import Outcomes, tell
from cluster.waiting import wait_for
from cluster.wares import a_class, an_instance, stateful_workload
from gitops import argo, flux
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.marks import INSTANCE_ID, LIFECYCLE_FINALIZER
from prepaid.api.resource import API_VERSION
from prepaid.local.kubectl import Kubectl
from prepaid.local.objects import binding
from prepaid.local.plane import ControlPlane

HOME: Final = "gitops"
LONG, BRIEF, SHORT, ENDING = "gitops-long", "gitops-brief", "gitops-short", "gitops-ending"
UNSOLD: Final = "gitops-none"
TERMS: Final = ((LONG, 600, 600), (BRIEF, 2, 600), (SHORT, 1, 1), (ENDING, 5, 1))
TIMES: Final = 4
OF_A_LIFE: Final = 20
"""Versions of an instance from its creation to its phase, at most."""
RIVAL: Final = 60
"""Periods: an account of a hundred pays so many once."""
WAYS: Final = {
    "client-side": ("apply",),
    "server-side": ("apply", "--server-side", "--force-conflicts", "--field-manager=gitops"),
    "replaced": ("replace",),
}
MONEY: Final = Kind(API_VERSION, "prepaidaccounts", "PrepaidAccount")


@dataclass(frozen=True, eq=False)
class Synced:
    """An instance that comes to rest in a phase, and is then synced in every way. The older revision asks for less."""

    phase: Phase
    of_class: str
    spec: dict[str, Any]
    kubectl: Kubectl

    def __call__(self, scene: Scene) -> tuple[Body, Body]:
        """How it was before, and after."""
        name = f"synced-{self.phase.value.lower()}"
        manifest = an_instance(HOME, name, self.of_class, purchasedPeriods=2, **self.spec)
        scene.owner.create(manifest)
        life = scene.life(name)
        self.rest(life)
        before = sight(life)
        older = {**manifest, "spec": {**manifest["spec"], "purchasedPeriods": 1}}
        for body in (manifest, manifest, older, manifest):
            for way in WAYS.values():
                sync(self.kubectl, way, body)
        wait_for("its marks are back", lambda: self.phase is Phase.TERMINATED or is_marked(life))
        return before, sight(life)

    def rest(self, life: Life) -> None:
        """It has come to its phase, and no further."""
        if self.of_class == UNSOLD:
            life.until_held("ClassMissing")
        elif self.phase is Phase.TERMINATING:
            keep_volume(life)
            life.until("held up by its volume", waits_for_its_volume)
        else:
            life.until_phase(self.phase)


def keep_volume(life: Life) -> None:
    """A volume that an administrator keeps holds up the end of its instance."""
    claim = wait_for("its claim is bound", lambda: is_bound(life.find(CLAIMS, f"data-{life.name}-0")))
    life.admin.merge(VOLUMES, "", claim["spec"]["volumeName"], {"spec": {"persistentVolumeReclaimPolicy": "Retain"}})


def waits_for_its_volume(status: InstanceStatus) -> bool:
    told = [known.reason for known in status.conditions if known.type == "DataErased"]
    return status.phase is Phase.TERMINATING and told == ["VolumeRetained"]


def is_bound(claim: Body | None) -> Body | None:
    return claim if claim and claim["status"].get("phase") == "Bound" else None


def sync(kubectl: Kubectl, way: tuple[str, ...], body: Body) -> None:
    """Accepted, if not at once: what was written in between is a conflict, after which a pipeline tries again."""
    command = (*way, f"--namespace={HOME}", "--filename=-")
    wait_for(f"{way} is accepted", lambda: was_accepted(kubectl.run(*command, given=json.dumps(body))))


def was_accepted(ended: CompletedProcess[str]) -> bool:
    assert ended.returncode == 0 or "(Conflict)" in ended.stderr, ended.stderr
    return ended.returncode == 0


def sight(life: Life) -> Body:
    """What a purchase, a start, a stop or an end would change."""
    body = life.need(INSTANCES)
    kept = ("phase", "periods", "expirationTime", "releaseTime", "stay")
    orders = life.admin.list(ORDERS, HOME, fields=f"spec.instanceRef.name={life.name}")["items"]
    item = life.find(ITEMS)
    told = {name: body["status"].get(name) for name in kept}
    return {**told, "uid": body["metadata"]["uid"], "orders": len(orders), "item": item and item["metadata"]["uid"]}


def is_marked(life: Life) -> bool:
    metadata = life.need(INSTANCES)["metadata"]
    return LIFECYCLE_FINALIZER in metadata.get("finalizers", []) and INSTANCE_ID in metadata.get("annotations", {})


def account() -> Body:
    spec = {"currency": "CNY", "deposited": "100.00"}
    return {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": {"name": "default", "namespace": HOME}, "spec": spec}


def order(name: str = "from-git", instance: str = "synced-running", periods: int = 1) -> Body:
    spec = {"instanceRef": {"name": instance}, "periods": periods}
    return {"apiVersion": API_VERSION, "kind": "RenewalOrder", "metadata": {"name": name, "namespace": HOME}, "spec": spec}


@dataclass(frozen=True)
class Pipeline:
    """What came of it all, and what was charged before and after."""

    outcomes: Outcomes
    stories: dict[str, Synced]
    charges: tuple[str, str]
    recorder: Recorder


@pytest.fixture(scope="module")
def pipeline(control_plane: ControlPlane, admin: Api, meddler: Api, recorder: Recorder) -> Pipeline:
    alice, cashier, platform = (control_plane.kubectl(who) for who in ("alice", "cashier", "admin"))
    scene = Scene(HOME, Api(control_plane.kubeconfig("alice")), meddler, recorder)
    scene.prepare()
    price = {"amount": "1.00", "currency": "CNY"}
    classes = [a_class(name, term, retention, stateful_workload(), price=price) for name, term, retention in TERMS]
    platform.apply([*classes, account(), *(binding(role, "alice", HOME) for role in ("edit", "prepaid-tenant"))])
    wait_for("alice has her rights", lambda: alice.run("auth", "can-i", "create", "ppi", f"--namespace={HOME}").returncode == 0)
    stories = {
        "unbought": Synced(Phase.PENDING, UNSOLD, {}, alice),
        "running": Synced(Phase.RUNNING, LONG, {}, alice),
        "stopped": Synced(Phase.STOPPED, LONG, {"running": False}, alice),
        "in the bin": Synced(Phase.RECYCLED, BRIEF, {}, alice),
        "terminating": Synced(Phase.TERMINATING, ENDING, {}, alice),
        "terminated": Synced(Phase.TERMINATED, SHORT, {}, alice),
    }
    with at_work(operator_of(control_plane, "gitops")):
        outcomes = tell(list(stories.values()), scene)
        charges = charged(admin), sync_the_rest(alice, cashier, platform, classes, admin)
        wait_for("no write war", lambda: not recorder.has_news_within(1.0))
    return Pipeline(outcomes, stories, charges, recorder)


def sync_the_rest(alice: Kubectl, cashier: Kubectl, platform: Kubectl, classes: list[Body], admin: Api) -> str:
    """The account, the class, orders: what was charged before the orders, each of which is bought once at most."""
    before = charged(admin)
    sync(alice, ("apply",), order())
    wait_for("the order is settled", lambda: phase_of_order(admin, "from-git") == "Settled")
    sync_what_waits(alice, admin)
    for who, body in ((cashier, account()), (platform, classes[0]), (alice, order())):
        for way in WAYS.values():
            sync(who, way, body)
    wait_for("it says again that it has ended", lambda: "prepaid.dev/ended" in annotations_of_order(admin))
    assert float(charged(admin)) == float(before) + 1 + RIVAL
    return before


def sync_what_waits(alice: Kubectl, admin: Api) -> None:
    """Of two orders the account can pay either: the one that comes too late waits, and is its owner's to write again in every way."""
    rivals = [order("rival-1", "synced-running", RIVAL), order("rival-2", "synced-stopped", RIVAL)]
    alice.apply(rivals)
    wait_for("one of them is settled", lambda: "Settled" in [phase_of_order(admin, rival["metadata"]["name"]) for rival in rivals])
    wait_for("the other is told what is missing", lambda: len([rival for rival in rivals if is_told(admin, rival)]) == len(rivals))
    (late,) = [rival for rival in rivals if phase_of_order(admin, rival["metadata"]["name"]) != "Settled"]
    for _ in range(TIMES):
        for way in WAYS.values():
            sync(alice, way, late)
    assert phase_of_order(admin, late["metadata"]["name"]) == ""


def is_told(admin: Api, wanted: Body) -> bool:
    return bool((admin.get(ORDERS, HOME, wanted["metadata"]["name"]) or {}).get("status", {}).get("conditions"))


def charged(admin: Api) -> str:
    return str((admin.get(MONEY, HOME, "default") or {})["status"]["charged"])


def phase_of_order(admin: Api, name: str) -> str:
    return str((admin.get(ORDERS, HOME, name) or {}).get("status", {}).get("phase", ""))


def annotations_of_order(admin: Api) -> Body:
    annotations: Body = (admin.get(ORDERS, HOME, "from-git") or {})["metadata"].get("annotations", {})
    return annotations


PHASES: Final = ("unbought", "running", "stopped", "in the bin", "terminating", "terminated")


@pytest.mark.parametrize("phase", PHASES)
def test_syncing_again_and_again_changes_nothing(pipeline: Pipeline, phase: str) -> None:
    before, after = pipeline.outcomes.of(pipeline.stories[phase])
    assert after == before


def test_syncing_charges_nothing(pipeline: Pipeline) -> None:
    assert pipeline.charges[0] == pipeline.charges[1]


def test_syncing_ends_in_no_write_war(pipeline: Pipeline) -> None:
    """A sync is a write at most, and so is what puts right what it took off."""
    syncs = TIMES * len(WAYS)
    for name, history in pipeline.recorder.histories(INSTANCES, HOME).items():
        assert len(history) < 2 * syncs + OF_A_LIFE, name


def expected(body: Body) -> tuple[str, str]:
    """By the rules of kstatus alone."""
    told = {known["type"]: known for known in body.get("status", {}).get("conditions", []) if known["status"] == "True"}
    if "Ready" in told:
        return "Healthy", "Current"
    if "Stalled" not in told:
        return "Progressing", "InProgress"
    waits = told["Stalled"]["reason"] in ("Unpaid", "NoAccount", "InsufficientFunds", "OtherCurrency")
    if told["Stalled"]["reason"] in ("InRecycleBin", "Terminated"):
        return "Suspended", "Current"
    return ("Suspended", "InProgress") if waits else ("Degraded", "Failed")


def test_argo_and_flux_read_every_status_of_every_phase(pipeline: Pipeline, tell_reader: Callable[[str], None]) -> None:
    seen = [sighting.body for history in pipeline.recorder.histories(INSTANCES, HOME).values() for sighting in history]
    current = [body for body in seen if body.get("status", {}).get("observedGeneration") == body["metadata"]["generation"]]
    judged = {json.dumps(body["status"]["conditions"]): body for body in current}
    wrong = [
        (body["metadata"]["name"], argo.health(body), flux.health(body)) for body in judged.values() if verdict(body) != expected(body)
    ]
    tell_reader(f"gitops: {len(judged)} statuses were read by Argo CD's Lua and Flux's CEL")
    assert wrong == []


def verdict(body: Body) -> tuple[str, str]:
    return argo.health(body)[0], flux.health(body)
