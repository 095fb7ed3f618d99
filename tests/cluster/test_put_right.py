"""What somebody does behind the operator's back is put right as soon as the watch tells of it; no sweep comes to help here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest

from cluster.apiserver import CLAIMS, INSTANCES, ITEMS, STATEFUL_SETS, Api, Body
from cluster.histories import phases
from cluster.operators import at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Life, Scene
from cluster.stories import Outcomes, tell
from cluster.waiting import wait_for
from cluster.wares import a_class, stateful_workload
from prepaid.api.instance import Phase
from prepaid.api.marks import ARGO_SYNC_OPTIONS, INSTANCE, INSTANCE_ID, INSTANCE_UID, LIFECYCLE_FINALIZER, STAY
from prepaid.api.resource import API_VERSION
from prepaid.local.plane import ControlPlane

NO_SWEEP_SECONDS: Final = 3600
LONG, BRIEF = "meddled-with", "meddled-with-in-the-bin"


@dataclass(frozen=True, eq=False)
class Meddling:
    """What is done to an instance at rest in a phase, and how it is seen to be put right."""

    name: str
    phase: Phase
    meddle: Callable[[Life], object]
    is_right: Callable[[Life], bool]

    def __call__(self, scene: Scene) -> bool:
        """Whether it is right again, long before there is a sweep or a deadline."""
        life = scene.buy(self.name, LONG if self.phase is Phase.RUNNING else BRIEF)
        life.until_phase(self.phase)
        assert self.is_right(life)
        self.meddle(life)
        return wait_for(f"{self.name} is put right", lambda: self.is_right(life))


def change(changes: Body) -> Callable[[Life], object]:
    """Edits the workload."""
    return lambda life: life.admin.merge(STATEFUL_SETS, life.namespace, life.name, changes)


def mark(metadata: Body) -> Callable[[Life], object]:
    """Edits the instance's metadata."""
    return lambda life: life.admin.merge(INSTANCES, life.namespace, life.name, {"metadata": metadata})


def remove(kind_of: str) -> Callable[[Life], object]:
    kind = {"workload": STATEFUL_SETS, "item": ITEMS}[kind_of]
    return lambda life: life.admin.delete(kind, life.namespace, life.name)


def has_replicas(count: int) -> Callable[[Life], bool]:
    return lambda life: bool((life.find(STATEFUL_SETS) or {"spec": {"replicas": None}})["spec"]["replicas"] == count)


def has_image(life: Life) -> bool:
    return bool(life.need(STATEFUL_SETS)["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:1")


def is_labelled(life: Life) -> bool:
    return {INSTANCE, INSTANCE_UID} <= set(life.need(STATEFUL_SETS)["metadata"].get("labels", {}))


def is_stamped(life: Life) -> bool:
    return bool(life.need(STATEFUL_SETS)["metadata"]["annotations"].get(STAY) == "0-running")


def is_marked(life: Life) -> bool:
    metadata = life.need(INSTANCES)["metadata"]
    return LIFECYCLE_FINALIZER in metadata.get("finalizers", []) and {INSTANCE_ID, ARGO_SYNC_OPTIONS} <= set(metadata["annotations"])


def is_filed(life: Life) -> bool:
    return life.find(ITEMS) is not None


MEDDLINGS: Final = (
    Meddling("scaled-down", Phase.RUNNING, change({"spec": {"replicas": 0}}), has_replicas(1)),
    Meddling("scaled-up", Phase.RUNNING, change({"spec": {"replicas": 4}}), has_replicas(1)),
    Meddling(
        "edited",
        Phase.RUNNING,
        change({"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "miner:1"}]}}}}),
        has_image,
    ),
    Meddling("removed", Phase.RUNNING, remove("workload"), has_replicas(1)),
    Meddling("unlabelled", Phase.RUNNING, change({"metadata": {"labels": {INSTANCE: None, INSTANCE_UID: None}}}), is_labelled),
    Meddling("unstamped", Phase.RUNNING, change({"metadata": {"annotations": {STAY: None}}}), is_stamped),
    Meddling("unfinalized", Phase.RUNNING, mark({"finalizers": None}), is_marked),
    Meddling("unannotated", Phase.RUNNING, mark({"annotations": {INSTANCE_ID: None, ARGO_SYNC_OPTIONS: None}}), is_marked),
    Meddling("started-in-the-bin", Phase.RECYCLED, change({"spec": {"replicas": 1}}), has_replicas(0)),
    Meddling(
        "hidden-in-the-bin",
        Phase.RECYCLED,
        change({"metadata": {"labels": {INSTANCE_UID: None}}, "spec": {"replicas": 1}}),
        has_replicas(0),
    ),
    Meddling("unfiled", Phase.RECYCLED, remove("item"), is_filed),
    Meddling("unmarked-in-the-bin", Phase.RECYCLED, mark({"finalizers": None, "annotations": {INSTANCE_ID: None}}), is_marked),
)


def forged_item(name: str, namespace: str, uid: str, stay: int) -> Body:
    """An item that says that its owner wants the end."""
    moment = "2020-01-01T00:00:00Z"
    spec = {
        "instanceRef": {"name": name, "uid": uid, "stay": stay},
        "recycleTime": moment,
        "releaseTime": moment,
        "reason": "Forged",
        "disposition": "Terminate",
        "confirm": name,
    }
    return {"apiVersion": API_VERSION, "kind": "RecycleBinItem", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def with_a_strangers_item(scene: Scene) -> Life:
    """An item of another uid lies there from before its expiration."""
    life = scene.buy("strangers-item", BRIEF)
    scene.admin.create(forged_item(life.name, life.namespace, "somebody-else", 0))
    life.until_phase(Phase.RECYCLED)
    wait_for("its own item", lambda: life.need(ITEMS)["spec"]["instanceRef"]["uid"] == life.uid)
    return life


def with_a_forged_item(scene: Scene) -> Life:
    """An item of its own uid, while it runs."""
    life = scene.buy("forged-item", LONG)
    life.until_phase(Phase.RUNNING)
    scene.admin.create(forged_item(life.name, life.namespace, life.uid, 0))
    life.until_gone(ITEMS)
    life.set(purchasedPeriods=2)
    life.until("renewed", lambda status: status.periods == 2)
    return life


def of_nobody(scene: Scene) -> Life:
    """An item without any instance."""
    scene.admin.create(forged_item("nobody", scene.namespace, "nobody", 1))
    return scene.life("nobody")


@pytest.fixture(scope="module")
def outcomes(control_plane: ControlPlane, meddler: Api, recorder: Recorder) -> Outcomes:
    scene = Scene("put-right", meddler, meddler, recorder)
    scene.prepare()
    scene.sell(a_class(LONG, term=600, retention=600, workload=stateful_workload()))
    scene.sell(a_class(BRIEF, term=15, retention=600, workload=stateful_workload()))
    with at_work(operator_of(control_plane, "put-right", NO_SWEEP_SECONDS)):
        return tell((*MEDDLINGS, with_a_strangers_item, with_a_forged_item, of_nobody), scene)


@pytest.mark.parametrize("meddling", MEDDLINGS, ids=lambda meddling: meddling.name)
def test_what_was_meddled_with_is_put_right_at_once(outcomes: Outcomes, meddling: Meddling) -> None:
    assert outcomes.of(meddling)


@pytest.mark.parametrize("meddling", MEDDLINGS, ids=lambda meddling: meddling.name)
def test_meddling_changes_no_phase(outcomes: Outcomes, meddling: Meddling) -> None:
    outcomes.of(meddling)
    assert phases(outcomes.scene.life(meddling.name).history)[-1] is meddling.phase


def test_a_workload_that_was_removed_comes_back_on_the_same_claim(outcomes: Outcomes) -> None:
    claims = outcomes.scene.recorder.history(CLAIMS, outcomes.scene.namespace, "data-removed-0")
    assert len({seen.body["metadata"]["uid"] for seen in claims}) == 1


def test_an_item_filed_again_tells_the_same_moments(outcomes: Outcomes) -> None:
    items = outcomes.scene.recorder.history(ITEMS, outcomes.scene.namespace, "unfiled")
    assert len({seen.body["metadata"]["uid"] for seen in items}) == 2
    assert len({(seen.body["spec"]["recycleTime"], seen.body["spec"]["releaseTime"]) for seen in items}) == 1


def test_an_item_of_another_uid_is_not_obeyed_and_replaced(outcomes: Outcomes) -> None:
    life = outcomes.of(with_a_strangers_item)
    assert phases(life.history)[-1] is Phase.RECYCLED
    assert life.need(ITEMS)["spec"]["disposition"] == "Retain"


def test_an_item_of_an_instance_that_runs_is_not_obeyed(outcomes: Outcomes) -> None:
    assert phases(outcomes.of(with_a_forged_item).history) == [Phase.PENDING, Phase.RUNNING]


def test_an_item_of_nobody_is_left_alone(outcomes: Outcomes) -> None:
    assert outcomes.of(of_nobody).find(ITEMS) is not None
