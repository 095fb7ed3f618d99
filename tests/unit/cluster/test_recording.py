"""The recorder that tests on a control plane rest on: what it makes of a watch that the server ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest

from cluster.apiserver import INSTANCES, Api, Body, Kind, Refusal
from cluster.recording import Recorder
from cluster.waiting import wait_for

HOME = "team-a"


def body(name: str, version: int) -> Body:
    return {"metadata": {"name": name, "namespace": HOME, "resourceVersion": str(version)}}


@dataclass
class Server:
    """Lists these one after the other, of one kind; has forgotten all versions but the last list's, and ends that watch."""

    lists: list[list[Body] | Refusal]
    is_closed: bool = False
    asked: list[str] = field(default_factory=list)

    def list(self, kind: Kind) -> Body:
        listed = self.lists.pop(0) if kind == INSTANCES else []
        if isinstance(listed, Refusal):
            raise listed
        return {"items": listed, "metadata": {"resourceVersion": str(9 - len(self.lists))}}

    def watch(self, kind: Kind, version: str) -> Iterator[Body]:
        if kind == INSTANCES:
            self.asked.append(version)
            if self.lists:
                raise Refusal(410, "too old resource version")
            self.is_closed = True
        yield from ()


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        pytest.param([[], [body("a", 1)]], {"a": [("1", False)]}, id="what has come"),
        pytest.param([[body("a", 1)], [body("a", 2)]], {"a": [("1", False), ("2", False)]}, id="what has changed"),
        pytest.param([[body("a", 1)], [body("a", 1)]], {"a": [("1", False)]}, id="what has not"),
        pytest.param([[body("a", 1)], []], {"a": [("1", False), ("1", True)]}, id="what has gone"),
        pytest.param([[], Refusal(429, "storage is (re)initializing"), [body("a", 1)]], {"a": [("1", False)]}, id="when it can be listed"),
    ],
)
def test_who_looks_anew_takes(lists: list[list[Body] | Refusal], told: dict[str, list[tuple[str, bool]]]) -> None:
    server = Server(lists)
    recorder = Recorder(cast(Api, server))
    recorder.history(INSTANCES, HOME, "only asked for")
    recorder.start()
    wait_for("it has looked anew", lambda: server.is_closed)
    seen = recorder.histories(INSTANCES, HOME)
    assert {name: [(one.body["metadata"]["resourceVersion"], one.is_gone) for one in each] for name, each in seen.items()} == told
    assert server.asked[-1] == "9"
