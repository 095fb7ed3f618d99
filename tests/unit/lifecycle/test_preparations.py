"""What may be done without looking at everything anew: a sight in which the instance is newer than the rest is none."""

import pytest

from builders import instance_class, item, live, order, resource
from prepaid.lifecycle.actions import (
    Action,
    CreateWorkload,
    DeleteObject,
    DropItem,
    DropReferences,
    FileInBin,
    FileOrder,
    MarkInstance,
    MarkInUse,
    PatchObject,
    TakeOrder,
    WriteItemStatus,
    WriteOrderStatus,
    WriteResourceStatus,
    is_preparation,
)

HOME, MACHINE = live("Namespace", "team-a", "home", namespace=""), live("StatefulSet", "web-1", "machine", "apps/v1")


@pytest.mark.parametrize(
    ("action", "is_so"),
    [
        pytest.param(FileOrder(order()), True, id="an order is filed"),
        pytest.param(TakeOrder(order()), True, id="an order is taken"),
        pytest.param(WriteOrderStatus(order()), True, id="an order is settled"),
        pytest.param(MarkInUse(instance_class()), True, id="a class is marked"),
        pytest.param(PatchObject(HOME, {}), True, id="a namespace is marked"),
        pytest.param(MarkInstance({}), False, id="the instance is marked: what others did meanwhile would be seen in it alone"),
        pytest.param(DropReferences(("eip-1",)), False, id="the instance loses references"),
        pytest.param(PatchObject(MACHINE, {}), False, id="a workload is stopped"),
        pytest.param(CreateWorkload(MACHINE.ref, {}), False, id="a workload is made"),
        pytest.param(DeleteObject(MACHINE), False, id="a workload is deleted"),
        pytest.param(FileInBin(item()), True, id="an item is filed: it is read again, and what opens the door is read after its lock"),
        pytest.param(WriteItemStatus(item()), False, id="an item is locked: the account is read after that"),
        pytest.param(DropItem(item()), False, id="an item is dropped"),
        pytest.param(WriteResourceStatus(resource()), False, id="a resource is held"),
    ],
)
def test_what_only_prepares(action: Action, is_so: bool) -> None:
    assert is_preparation(action) is is_so
