"""Of several operators one works. Whatever becomes of it, another goes on soon, and never beside it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

import pytest
from whenever import Instant

from cluster.apiserver import INSTANCES, LEASES, Api, Body
from cluster.operators import Operator, at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Scene
from cluster.waiting import wait_for
from cluster.wares import a_class
from prepaid.api.instance import Phase
from prepaid.local.personas import SYSTEM
from prepaid.local.plane import ControlPlane

LEASE_SECONDS: Final = 6
"""A lease that was not given back is another's after five seconds at the earliest."""
CLASS: Final = "led"


@dataclass
class Office:
    """Operators that share one Lease."""

    plane: ControlPlane
    admin: Api
    scene: Scene
    lease: str
    at_work: ExitStack

    def hire(self, name: str) -> Operator:
        """One more, which is ready: it leads, or stands by."""
        operator = operator_of(self.plane, f"{self.lease}-{name}")
        led = replace(operator, lease=f"{SYSTEM}/{self.lease}", lease_seconds=LEASE_SECONDS)
        return self.at_work.enter_context(at_work(led))

    def record(self) -> Body:
        lease = self.admin.get(LEASES, SYSTEM, self.lease)
        return dict(lease["spec"]) if lease else {}

    def until_held(self, but_not_by: str = "") -> Body:
        """The record, once somebody else holds it."""

        def look() -> Body | None:
            record = self.record()
            return record if record.get("holderIdentity") not in (None, "", but_not_by) else None

        return wait_for(f"somebody but {but_not_by or 'nobody'} leads", look)

    def sees_to_work(self, name: str) -> bool:
        """Whether what is bought now runs."""
        return self.scene.buy(name, CLASS).until_phase(Phase.RUNNING).phase is Phase.RUNNING


@pytest.fixture(scope="module")
def scene(admin: Api, meddler: Api, recorder: Recorder) -> Scene:
    scene = Scene("leading", admin, meddler, recorder)
    scene.prepare()
    scene.sell(a_class(CLASS, term=3600, retention=1))
    return scene


@pytest.fixture
def office(control_plane: ControlPlane, admin: Api, scene: Scene, request: pytest.FixtureRequest) -> Iterator[Office]:
    """With a Lease of this test's own."""
    with ExitStack() as stack:
        yield Office(control_plane, admin, scene, request.node.name.replace("_", "-"), stack)


def test_one_that_stands_by_is_ready_and_does_nothing_until_it_leads(office: Office) -> None:
    held = {"holderIdentity": "somebody", "leaseDurationSeconds": 3600, "leaseTransitions": 7}
    office.admin.create({**lease_of(office), "spec": held})
    life = office.scene.buy("untouched", CLASS)
    office.hire("heir")
    moment = Instant.now().add(seconds=2)
    wait_for("it has had the time to do something", lambda: Instant.now() > moment)
    freed = office.admin.merge(LEASES, SYSTEM, office.lease, {"spec": {"holderIdentity": ""}})
    life.until_phase(Phase.RUNNING)
    assert first_write(office, "untouched") > int(freed["metadata"]["resourceVersion"])
    assert office.record()["leaseTransitions"] == 8


def lease_of(office: Office) -> Body:
    return {"apiVersion": LEASES.api, "kind": LEASES.kind, "metadata": {"name": office.lease, "namespace": SYSTEM}}


def first_write(office: Office, name: str) -> int:
    """The version that the operator's first write has made of it: what was bought has none of its marks."""
    history = office.scene.recorder.history(INSTANCES, office.scene.namespace, name)
    return int(history[1].body["metadata"]["resourceVersion"])


def test_when_the_leader_is_killed_another_goes_on(office: Office) -> None:
    first, _ = office.hire("first"), office.hire("second")
    former = office.until_held()
    first.kill()
    record = office.until_held(but_not_by=former["holderIdentity"])
    assert (former["leaseTransitions"], record["leaseTransitions"]) == (0, 1)
    assert office.sees_to_work("after-the-kill")


def test_when_the_leader_is_told_to_stop_another_goes_on_at_once(office: Office) -> None:
    first, _ = office.hire("first"), office.hire("second")
    former = office.until_held()
    code = first.stop()
    assert office.record()["holderIdentity"] != former["holderIdentity"]
    record = office.until_held(but_not_by=former["holderIdentity"])
    assert (code, record["leaseTransitions"]) == (0, 1)
    assert office.sees_to_work("after-the-stop")


def test_a_leader_that_stood_still_too_long_ends_when_it_goes_on(office: Office) -> None:
    first, _ = office.hire("first"), office.hire("second")
    former = office.until_held()
    first.pause()
    office.until_held(but_not_by=former["holderIdentity"])
    first.resume()
    assert first.ended_with() == 1


def test_one_that_stands_by_ends_when_it_is_told_to_and_leaves_the_leader_alone(office: Office) -> None:
    _, second = office.hire("first"), office.hire("second")
    former = office.until_held()
    assert second.stop() == 0
    assert office.record()["holderIdentity"] == former["holderIdentity"]
