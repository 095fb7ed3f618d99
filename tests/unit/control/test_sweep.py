"""What a sweep asks a look for: whatever is not as the last look has seen it, told by metadata alone."""

import pytest

from builders import START, live
from nobody import Nobody
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.walk import Walks, alone
from prepaid.control.due import DueQueue
from prepaid.control.memory import Look, Memory, face
from prepaid.control.queue import KeyQueue
from prepaid.control.sweep import Sweep
from prepaid.lifecycle.objects import LiveObject

KEY = Key(PrepaidInstance, "team-a", "web-1")
METADATA = {"name": "web-1", "namespace": "team-a", "uid": "uid-1", "resourceVersion": "7"}
MACHINE = live("StatefulSet", "web-1", "machine", "apps/v1")
RUNNING = Look("uid-1", "7", "1")
IN_BIN = Look("uid-1", "7", "1", is_in_bin=True, faces=frozenset({face("StatefulSet", MACHINE.body["metadata"])}))
FILED, NOBODY = frozenset({"uid-1"}), frozenset[str]()


def at_version(version: str, **metadata: object) -> LiveObject:
    return LiveObject.parse({**MACHINE.body, "metadata": {**MACHINE.body["metadata"], "resourceVersion": version, **metadata}})


@pytest.mark.parametrize(
    ("last", "workload", "in_bin", "is_asked"),
    [
        pytest.param(RUNNING, MACHINE, NOBODY, False, id="as it was"),
        pytest.param(None, MACHINE, NOBODY, True, id="never looked at"),
        pytest.param(Look("uid-0", "7", "1"), MACHINE, NOBODY, True, id="another of its name"),
        pytest.param(Look("uid-1", "6", "1"), MACHINE, NOBODY, True, id="it has changed"),
        pytest.param(Look("uid-1", "7", "0"), MACHINE, NOBODY, True, id="its workload has changed"),
        pytest.param(RUNNING, None, NOBODY, True, id="its workload is gone"),
        pytest.param(IN_BIN, MACHINE, FILED, False, id="in the bin, and filed"),
        pytest.param(IN_BIN, MACHINE, NOBODY, True, id="in the bin, and its item is gone"),
        pytest.param(RUNNING, at_version("2"), NOBODY, True, id="the status of its workload has changed"),
        pytest.param(IN_BIN, at_version("2"), FILED, False, id="in the bin, and the status of its workload has changed"),
        pytest.param(IN_BIN, at_version("2", generation=2), FILED, True, id="in the bin, and the spec of its workload has changed"),
        pytest.param(IN_BIN, None, FILED, True, id="in the bin, and its workload is gone"),
        pytest.param(IN_BIN, None, None, False, id="its class is gone: nothing is known of workloads and items"),
        pytest.param(Look("uid-1", "6", "1"), None, None, True, id="its class is gone, and it has changed"),
    ],
)
def test_a_look_is_asked_for(last: Look | None, workload: LiveObject | None, in_bin: frozenset[str] | None, is_asked: bool) -> None:
    queue, memory, clock = KeyQueue(), Memory(), Clock(lambda: START, lambda: 0.0)
    if last:
        memory.remember(KEY, last)
    cluster = Cluster(Nobody(), clock)
    Sweep(cluster, queue, DueQueue(clock, queue.add), memory, alone(PrepaidInstance, cluster)).compare(METADATA, workload, in_bin)
    assert len(queue) == is_asked


@pytest.mark.parametrize(("version", "is_forgotten"), [("7", False), ("6", True)], ids=["the version of the last look", "another"])
def test_what_a_walk_has_seen_before_a_change_is_no_good(version: str, is_forgotten: bool) -> None:
    touched: list[str] = []

    class Listening(Walks):
        def touch(self, path: str) -> None:
            touched.append(path)

    queue, memory, clock = KeyQueue(), Memory(), Clock(lambda: START, lambda: 0.0)
    memory.remember(KEY, Look(METADATA["uid"], version, ""))
    walks = Listening(PrepaidInstance, lambda: 0.0, lambda _kind, _namespace: 0)
    Sweep(Cluster(Nobody(), clock), queue, DueQueue(clock, queue.add), memory, walks).compare(METADATA, None, None)
    assert bool(touched) is is_forgotten
