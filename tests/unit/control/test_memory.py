"""What the looks know: so that an operator does not look again because of what it has written itself."""

from dataclasses import replace

import pytest

from builders import claim, data_record, running, running_workload
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Key
from prepaid.control.memory import Look, Memory, face, faces_of, item_of
from prepaid.lifecycle.facts import SeenData

A, B = Key(PrepaidInstance, "team-a", "a"), Key(PrepaidInstance, "team-a", "b")


@pytest.fixture
def memory() -> Memory:
    """A look at A is under way: it has read version 1 and written version 2."""
    memory = Memory()
    memory.know(A, "1")
    memory.know(A, "2")
    return memory


@pytest.mark.parametrize(
    ("key", "version", "is_news"),
    [
        pytest.param(A, "1", False, id="what it has read"),
        pytest.param(A, "2", False, id="what it has written"),
        pytest.param(A, "3", True, id="what somebody else has written since"),
        pytest.param(B, "1", True, id="the same version of another"),
    ],
)
def test_what_is_news(memory: Memory, key: Key, version: str, is_news: bool) -> None:
    assert memory.is_news(key, version) is is_news


def test_a_new_look_knows_nothing_of_what_the_last_one_knew(memory: Memory) -> None:
    memory.know(item_of(A), "3")
    assert not memory.is_news(item_of(A), "3")
    memory.forget(A)
    assert (memory.is_news(A, "2"), memory.is_news(item_of(A), "3")) == (True, True)


def test_the_faces_are_those_of_the_workload_and_of_all_data() -> None:
    machine, there, gone = running_workload(running().instance), claim(), SeenData(data_record(), None, None, is_ours=False)
    seen = replace(running().seen, workload=machine, data=(SeenData(None, there, None, is_ours=True), gone))
    assert faces_of(seen) == {face("StatefulSet", machine.body["metadata"]), face("PersistentVolumeClaim", there.body["metadata"])}


def test_that_it_is_at_rest_changes_nothing(memory: Memory) -> None:
    memory.remember(A, Look("uid", "2", ""))
    assert not memory.is_news(A, "2")
