"""When all instances of a class get a look: with each new version of it, until that is done; not where a start looks at them anyway."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from builders import START, instance_class
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.cluster.author import Author
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Unavailable
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import alone
from prepaid.control.classes import KIND_POLL, Classes
from prepaid.control.due import DueQueue
from prepaid.control.hearing import Hearing
from prepaid.control.memory import Memory
from prepaid.control.queue import KeyQueue
from prepaid.control.sweep import Sweep
from prepaid.control.watching import Watching

CLASS = Key(InstanceClass, "", "standard")


@dataclass
class Server:
    """Has one class without a workload, and counts the lists of instances; `is_down` refuses these."""

    body: dict[str, Any]
    lists: int = 0
    is_down: bool = False
    loses_answers: bool = False

    async def call(self, request: Request) -> Answer:
        if request.path.endswith("/prepaidinstances"):
            if self.is_down:
                raise Unavailable("not now")
            self.lists += 1
            return Answer({"metadata": {}, "items": None})
        if request.path == "/apis/apps/v1":
            return Answer({"resources": []})
        if request.body is not None:
            self.body["status"] = request.body["status"]
            if self.loses_answers:
                raise Unavailable("the line went dead")
        return Answer(self.body)

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


@dataclass
class Life:
    """Of an operator beside this server."""

    server: Server
    classes: Classes = field(init=False)

    def __post_init__(self) -> None:
        author, queue = Author(self.server), KeyQueue()
        clock = Clock(lambda: START, lambda: 0.0)
        cluster, memory = Cluster(author, clock), Memory()
        walks = alone(PrepaidInstance, cluster)
        hearing = Hearing(author, memory, walks)
        sweep = Sweep(cluster, queue, DueQueue(clock, queue.add), memory, walks)
        self.classes = Classes(cluster, sweep, Watching(cluster, queue, hearing))

    async def look(self) -> int:
        """How many lists it has taken."""
        before = self.server.lists
        await self.classes.reconcile(CLASS)
        return self.server.lists - before


def with_workload(server: Server) -> Server:
    server.body["spec"]["workload"] = instance_class().to_manifest()["spec"]["workload"]
    return server


async def test_a_kind_that_is_missing_is_asked_for_again() -> None:
    server = with_workload(a_server())
    looked_again = await Life(server).classes.reconcile(CLASS)
    assert (looked_again, server.body["status"]["conditions"][0]["reason"]) == (START + KIND_POLL, "UnknownKind")


async def test_one_that_is_there_is_not() -> None:
    assert await Life(a_server()).classes.reconcile(CLASS) is None


def edit(server: Server) -> None:
    server.body["metadata"]["generation"] += 1


def a_server() -> Server:
    body = instance_class().to_manifest()
    spec = {known: value for known, value in body["spec"].items() if known != "workload"}
    return Server({**body, "spec": spec, "metadata": {"name": "standard", "uid": "c", "generation": 1, "resourceVersion": "1"}})


async def test_a_new_class_and_each_edit_is_a_look_at_all_its_instances() -> None:
    server = a_server()
    life = Life(server)
    looks = [await life.look(), await life.look()]
    edit(server)
    assert [*looks, await life.look(), await life.look()] == [1, 0, 1, 0]


async def test_a_start_looks_at_them_anyway() -> None:
    server = a_server()
    await Life(server).look()
    life = Life(server)
    looks = await life.look()
    edit(server)
    assert (looks, await life.look()) == (0, 1)


async def test_a_class_that_was_edited_while_nobody_looked_is_a_new_one() -> None:
    server = a_server()
    await Life(server).look()
    edit(server)
    assert await Life(server).look() == 1


@pytest.mark.parametrize("is_edited", [False, True], ids=["a new class", "an edit"])
async def test_what_could_not_be_listed_is_listed_by_the_next_look(is_edited: bool) -> None:
    server = a_server()
    life = Life(server)
    if is_edited:
        await life.look()
        edit(server)
    server.is_down = True
    with pytest.raises(Unavailable):
        await life.look()
    server.is_down = False
    assert [await life.look(), await life.look()] == [1, 0]


async def test_a_new_class_is_one_though_the_answer_to_its_status_was_lost() -> None:
    server = a_server()
    server.loses_answers = True
    life = Life(server)
    with pytest.raises(Unavailable):
        await life.look()
    server.loses_answers = False
    assert [await life.look(), await life.look()] == [1, 0]
