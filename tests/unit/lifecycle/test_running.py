"""The workload while the term runs: made, put right, replaced, stopped by its owner (api.md, "InstanceClass", "PrepaidInstance")."""

from dataclasses import replace

import pytest

from builders import (
    EXPIRATION,
    MIDTERM,
    Changes,
    changed,
    claim,
    instance,
    instance_class,
    live,
    recycled,
    running,
    running_status,
    running_workload,
    seen,
    stopped_workload,
    volume,
    workload,
    workload_record,
)
from living import at, carried_out, settled, spoken
from prepaid.api.instance import NextActionType, Phase
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import STAY
from prepaid.api.resource import ObjectMeta
from prepaid.lifecycle.actions import ApplyWorkload, CreateWorkload, DeleteObject, PatchObject
from prepaid.lifecycle.decision import Standing
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rules import decide

WEB = instance(running_status())
HEALTHY = running_workload(WEB)


def edition(generation: int, **changes: object) -> InstanceClass:
    """The class after an edit."""
    sold = instance_class(**changes)
    return sold.model_copy(update={"metadata": ObjectMeta(name="standard", uid="class-uid", generation=generation)})


NEW_IMAGE = workload(running={"spec": {"replicas": 1, "minReadySeconds": 5}})
MACHINE = workload(
    template={"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine", "spec": {"template": {"spec": {}}}},
    running={"spec": {"runStrategy": "Always"}},
    stopped={"spec": {"runStrategy": "Halted"}},
    ready=None,
    data=(),
)


@pytest.mark.parametrize(
    ("live_workload", "action", "standing", "reason"),
    [
        pytest.param(HEALTHY, None, Standing.READY, Reason.RUNNING, id="as wanted and ready"),
        pytest.param(None, CreateWorkload, Standing.WORKING, Reason.STARTING, id="not there it is made"),
        pytest.param(
            changed(HEALTHY, {"status": {"readyReplicas": 0}}), None, Standing.WORKING, Reason.NOT_READY, id="not ready it is waited for"
        ),
        pytest.param(changed(HEALTHY, {"status": None}), None, Standing.WORKING, Reason.NOT_READY, id="it has not said anything yet"),
        pytest.param(
            changed(HEALTHY, {"metadata": {"generation": 2}}), None, Standing.WORKING, Reason.NOT_READY, id="it speaks of an older spec"
        ),
        pytest.param(changed(HEALTHY, {"status": {"readyReplicas": True}}), None, Standing.WORKING, Reason.NOT_READY, id="true is not 1"),
        pytest.param(
            changed(HEALTHY, {"spec": {"replicas": 0}}), ApplyWorkload, Standing.WORKING, Reason.NOT_READY, id="scaled down it is put right"
        ),
        pytest.param(
            changed(HEALTHY, {"spec": {"replicas": 4}}), ApplyWorkload, Standing.WORKING, Reason.NOT_READY, id="scaled up as well"
        ),
        pytest.param(
            changed(HEALTHY, {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "evil"}]}}}}),
            ApplyWorkload,
            Standing.WORKING,
            Reason.NOT_READY,
            id="edited it is put right",
        ),
        pytest.param(
            changed(HEALTHY, {"metadata": {"labels": {"prepaid.dev/instance-uid": WEB.metadata.uid, "prepaid.dev/class": None}}}),
            ApplyWorkload,
            Standing.WORKING,
            Reason.NOT_READY,
            id="without a label it gets it back",
        ),
        pytest.param(
            changed(HEALTHY, {"spec": {"serviceName": "x"}}), None, Standing.READY, Reason.RUNNING, id="what others add is left alone"
        ),
        pytest.param(
            changed(HEALTHY, {"metadata": {"deletionTimestamp": "2026-05-15T10:00:00Z"}}),
            None,
            Standing.WORKING,
            Reason.STARTING,
            id="while it is being deleted it is waited for",
        ),
    ],
)
def test_the_workload_of_a_paid_instance(live_workload: LiveObject | None, action: type | None, standing: Standing, reason: Reason) -> None:
    decision = decide(running(workload=live_workload))
    assert ([type(one) for one in decision.actions], decision.standing, decision.reason) == ([action] if action else [], standing, reason)


def test_a_start_is_stamped_with_the_stay() -> None:
    (action,) = decide(running(status={"stay": 3}, workload=None)).actions
    assert isinstance(action, CreateWorkload)
    assert action.manifest["metadata"]["annotations"][STAY] == "3-running"


def test_after_a_recovery_it_is_started_again_under_the_new_stamp() -> None:
    after = settled(recycled(spec={"purchased_periods": 2}))
    assert after.seen.workload is not None
    assert (after.seen.workload.metadata.annotations[STAY], after.seen.workload.at("spec.replicas")) == ("1-running", 1)


def test_a_class_without_a_workload_sells_a_term() -> None:
    decision = decide(running(sold=instance_class(workload=None), workload=None, data=(), status={"workload": None, "data": ()}))
    assert (decision.phase, decision.standing, decision.actions) == (Phase.RUNNING, Standing.READY, ())


def test_without_a_readiness_it_is_up_once_it_is_there() -> None:
    sold = instance_class(workload=workload(ready=None))
    decision = decide(running(sold=sold, workload=running_workload(WEB, sold, ready=0)))
    assert decision.standing is Standing.READY


class TestClassEdits:
    """A live workload follows a class edit only at its next purchase or recovery."""

    def test_an_edit_alone_changes_nothing(self) -> None:
        assert decide(running(sold=edition(2, workload=NEW_IMAGE))).actions == ()

    def test_what_somebody_changed_is_put_right_as_it_was_bought(self) -> None:
        facts = running(sold=edition(2, workload=NEW_IMAGE), workload=changed(HEALTHY, {"spec": {"replicas": 0}}))
        after = settled(facts)
        assert after.seen.workload is not None
        assert (after.seen.workload.at("spec.replicas"), after.seen.workload.at("spec.minReadySeconds")) == (1, None)

    def test_the_next_purchase_brings_it(self) -> None:
        after = settled(running(sold=edition(2, workload=NEW_IMAGE), spec={"purchased_periods": 2}))
        assert after.seen.workload is not None
        assert after.seen.workload.at("spec.minReadySeconds") == 5

    def test_a_recovery_brings_it(self) -> None:
        after = settled(recycled(sold=edition(2, workload=NEW_IMAGE), spec={"purchased_periods": 2}))
        assert after.seen.workload is not None
        assert after.seen.workload.at("spec.minReadySeconds") == 5

    def test_new_parameters_are_followed_at_once(self) -> None:
        facts = running()
        who = instance(facts.status, {"parameters": {"image": "nginx:2"}})
        after = settled(replace(facts, instance=who, seen=replace(facts.seen, rendering=seen(who).rendering)))
        assert after.seen.workload is not None
        assert after.seen.workload.at("spec.template.spec") == {"containers": [{"name": "main", "image": "nginx:2"}]}

    def test_new_parameters_of_an_edited_class_are_followed_as_it_is_now(self) -> None:
        facts = running(sold=edition(2, workload=NEW_IMAGE))
        who = instance(facts.status, {"parameters": {"image": "nginx:2"}})
        after = settled(
            replace(facts, instance=who, seen=replace(facts.seen, rendering=seen(who, edition(2, workload=NEW_IMAGE)).rendering))
        )
        assert after.seen.workload is not None
        assert after.seen.workload.at("spec.template.spec") == {"containers": [{"name": "main", "image": "nginx:2"}]}

    def test_another_kind_replaces_nothing_before_it_is_bought(self) -> None:
        assert decide(running(sold=edition(2, workload=MACHINE))).actions == ()

    def test_another_kind_replaces_the_old_one_at_the_next_purchase(self) -> None:
        facts = spoken(running(sold=edition(2, workload=MACHINE), spec={"purchased_periods": 2}))
        bought = spoken(carried_out(decide(facts), facts))
        assert [type(action) for action in decide(bought).actions] == [DeleteObject]

    def test_the_new_one_is_stopped_in_its_own_way(self) -> None:
        facts = running(sold=edition(2, workload=MACHINE), spec={"purchased_periods": 2})
        after = settled(at(EXPIRATION.add(hours=24 * 60), settled(facts)))
        assert after.seen.workload is not None
        assert (after.status.phase, after.seen.workload.at("spec.runStrategy")) == (Phase.RECYCLED, "Halted")


class TestStoppedByItsOwner:
    """The term runs on; nothing is lost."""

    @pytest.mark.parametrize(
        ("seen_of_it", "actions", "standing"),
        [
            pytest.param({}, [PatchObject], Standing.WORKING, id="running it is stopped"),
            pytest.param({"workload": stopped_workload(WEB), "pods": 1}, [], Standing.WORKING, id="its pods are waited for"),
            pytest.param({"workload": stopped_workload(WEB)}, [], Standing.READY, id="then it is as its owner wants it"),
            pytest.param({"workload": None}, [], Standing.READY, id="a workload that is not there is not made"),
            pytest.param(
                {"workload": changed(stopped_workload(WEB), {"spec": {"replicas": 2}})},
                [PatchObject],
                Standing.WORKING,
                id="scaled up it is stopped again",
            ),
            pytest.param(
                {"workload": live("StatefulSet", "web-1", "x", "apps/v1"), "workload_is_ours": False},
                [],
                Standing.READY,
                id="what is not ours is left alone",
            ),
        ],
    )
    def test_it_is_stopped(self, seen_of_it: Changes, actions: list[type], standing: Standing) -> None:
        decision = decide(running(spec={"running": False}, **seen_of_it))
        assert (decision.phase, [type(action) for action in decision.actions], decision.standing) == (Phase.STOPPED, actions, standing)

    def test_it_is_started_again(self) -> None:
        stopped = settled(running(spec={"running": False}))
        after = settled(replace(stopped, instance=instance(stopped.status)))
        assert after.seen.workload is not None
        assert (after.status.phase, after.seen.workload.at("spec.replicas")) == (Phase.RUNNING, 1)

    def test_its_expiration_is_announced_all_the_same(self) -> None:
        decision = decide(running(spec={"running": False}, workload=stopped_workload(WEB)))
        assert (decision.next_action.type, decision.next_action.time, decision.wake_time) == (
            NextActionType.RECYCLE,
            EXPIRATION,
            EXPIRATION,
        )


class TestRecords:
    """What is known of workload and data is written down when it is first seen, and never lost (api.md, status.data)."""

    def test_data_is_recorded_when_first_seen(self) -> None:
        fresh = SeenData(None, claim(), volume(), is_ours=True)
        assert decide(running(status={"data": ()}, data=(fresh,))).status.data == running_status().data

    def test_a_volume_is_recorded_when_it_is_bound(self) -> None:
        unbound = running_status().data[0].model_copy(update={"volume": None})
        bound = SeenData(unbound, claim(), volume(), is_ours=True)
        assert decide(running(status={"data": (unbound,)}, data=(bound,))).status.data == running_status().data

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param((SeenData(running_status().data[0], None, None, is_ours=False),), id="not seen now"),
            pytest.param((SeenData(running_status().data[0], claim(), None, is_ours=True),), id="seen without its volume"),
        ],
    )
    def test_a_record_stays(self, data: tuple[SeenData, ...]) -> None:
        assert decide(running(data=data)).status.data == running_status().data

    def test_another_claim_under_the_old_name_is_a_record_of_its_own(self) -> None:
        again = SeenData(None, claim("again"), None, is_ours=True)
        gone = SeenData(running_status().data[0], None, None, is_ours=False)
        assert [record.uid for record in decide(running(data=(gone, again))).status.data] == ["claim-uid", "again"]

    def test_the_workload_is_recorded_before_it_is_made(self) -> None:
        bought = decide(spoken(Facts(who := instance(), seen(who), MIDTERM)))
        assert (bought.status.workload, bought.actions, bought.commits) == (workload_record(uid=""), (), True)

    def test_its_uid_is_recorded_when_it_is_seen(self) -> None:
        decision = decide(running(status={"workload": workload_record(uid="")}))
        assert decision.status.workload == workload_record()

    @pytest.mark.parametrize(
        "lost", [None, workload_record(stopped={}), workload_record(name="other")], ids=["no record", "no stop", "another one's"]
    )
    def test_a_lost_record_is_written_again(self, lost: object) -> None:
        decision = decide(running(status={"workload": lost}))
        assert decision.status.workload == workload_record()

    def test_a_workload_that_is_not_ours_is_not_recorded(self) -> None:
        decision = decide(running(workload=live("StatefulSet", "web-1", "x", "apps/v1"), workload_is_ours=False))
        assert decision.status.workload == workload_record()
