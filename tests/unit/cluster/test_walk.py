"""A walk reads each page once for looks that follow each other, and tells nobody what may have changed since."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from builders import START
from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone
from prepaid.cluster.transport import Answer, Request
from prepaid.cluster.walk import FEW, GOOD_SECONDS, WORTH, Walks, alone

PATH = "/apis/prepaid.dev/v1alpha1/namespaces/team-a/prepaidinstances"


@dataclass
class Server:
    """Instances by name, two on each page, all of the version that the first page has; `forgets` where to go on.

    What is to happen `meanwhile` comes between a page and its arrival.
    """

    names: str
    version: int = 1
    forgets: bool = False
    meanwhile: Callable[[], Awaitable[object]] | None = None
    asked: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        assert request.leaves_unread
        token = request.query.get("continue", "")
        self.asked.append(token or "first")
        if token and self.forgets:
            raise Gone("the continue token is too old")
        version, _, at = (token or f"{self.version}/0").partition("/")
        begin = int(at)
        page, left = self.names[begin : begin + 2], len(self.names) - begin - 2
        metadata = {"continue": f"{version}/{begin + 2}", "remainingItemCount": left} if left > 0 else {}
        if self.meanwhile:
            await self.meanwhile()
        return Answer({"metadata": metadata, "items": [orjson.dumps(body(name, version)) for name in page]})

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


def body(name: str, version: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "team-a", "resourceVersion": version}}


@dataclass
class Crowd:
    """Looks that go through a server's instances in turn, while so many more wait."""

    server: Server
    waiting: int = 100
    now: float = 0.0
    walks: Walks = field(init=False)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.server, Clock(lambda: START, lambda: self.now))
        self.walks = Walks(PrepaidInstance, lambda: self.now, lambda _kind, _namespace: self.waiting, few=0)

    async def find(self, names: str) -> str:
        """Name and version of those that were met, and `-` before those that are known not to be there."""
        met = await self.walks.find(self.cluster, "team-a", names)
        there = [f"{one['metadata']['name']}{one['metadata']['resourceVersion']}" for one in met.bodies]
        return " ".join(sorted([*there, *(f"-{path.rpartition('/')[2]}" for path in met.absent)]))


async def test_each_page_is_read_once() -> None:
    crowd = Crowd(Server("abcdef"))
    told = [await crowd.find("a"), await crowd.find("bc"), await crowd.find("ef"), await crowd.find("d")]
    assert (told, crowd.server.asked) == (["a1", "b1 c1", "e1 f1", "d1"], ["first", "1/2", "1/4"])


async def test_what_was_told_is_not_told_again() -> None:
    crowd = Crowd(Server("abcdef"))
    told = [await crowd.find("a"), await crowd.find("a"), await crowd.find("a")]
    assert (told, crowd.server.asked) == (["a1", "", ""], ["first", "1/2", "1/4"])


async def test_whoever_goes_on_is_told_what_was_seen_before_he_asked() -> None:
    crowd = Crowd(Server("abcd"))
    met = [await crowd.walks.find(crowd.cluster, "team-a", name) for name in "abc"]
    assert [one.are_from_before for one in met] == [False, True, True]


@pytest.mark.parametrize("many", [FEW, FEW + 1])
async def test_a_few_do_not_walk(many: int) -> None:
    server = Server("abcdef")
    cluster = Cluster(server, Clock(lambda: START, lambda: 0.0))
    met = await alone(PrepaidInstance, cluster).find(cluster, "team-a", "abcdef"[:many])
    assert (len(met.bodies), bool(server.asked)) == ((0, False) if many == FEW else (many, True))


@pytest.mark.parametrize("waiting", [0, 100], ids=["nobody waits", "others wait"])
async def test_two_who_go_at_once_take_nobody_for_absent(waiting: int) -> None:
    crowd = Crowd(Server("abcd"), waiting)
    crowd.server.meanwhile = lambda: asyncio.sleep(0)
    told = await asyncio.gather(crowd.find("ab"), crowd.find("cd"), crowd.find("bd"))
    assert not any("-" in one for one in told)


async def test_whom_a_walk_did_not_meet_it_tells_nothing_of_later() -> None:
    """He is read alone, and later pages are of the moment of the first."""
    crowd = Crowd(Server("abcdef"), 1)
    await crowd.find("a")
    crowd.server.forgets, walk = True, crowd.walks._walks["team-a"]
    walk.left = 100
    told = [await crowd.find("c")]
    crowd.server.forgets, walk.left = False, 4
    assert [*told, await crowd.find("cd")] == ["", "d1"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param(f"{PATH}/b", "d1", id="what was seen ahead"),
        pytest.param(f"{PATH}/b/status", "d1", id="its status"),
        pytest.param(f"{PATH}/d", "b1", id="what no page has shown yet: the pages that follow are of the first one's moment"),
        pytest.param(f"{PATH}/x", "b1 d1", id="another"),
        pytest.param(PATH.replace("team-a", "team-b") + "/b", "b1 d1", id="a namesake"),
    ],
)
async def test_what_was_touched_is_not_told(path: str, told: str) -> None:
    crowd = Crowd(Server("abcd"))
    await crowd.find("a")
    crowd.server.version = 2
    crowd.walks.touch(path)
    assert await crowd.find("bd") == told


@pytest.mark.parametrize(
    ("later", "told"),
    [pytest.param(GOOD_SECONDS, "b1 c1", id="half a minute ago"), pytest.param(GOOD_SECONDS + 1, "b2 c2", id="longer ago")],
)
async def test_what_was_seen_is_good_for_a_while(later: float, told: str) -> None:
    crowd = Crowd(Server("abcd"))
    await crowd.find("a")
    crowd.server.version, crowd.now = 2, later
    assert await crowd.find("bc") == told


async def test_who_comes_last_leaves_nothing_ahead() -> None:
    crowd = Crowd(Server("abcd"))
    await crowd.find("a")
    crowd.server.version, crowd.waiting = 2, 0
    told = [await crowd.find("c"), await crowd.find("b")]
    assert told == ["c1", "b2"]


async def test_what_nobody_has_asked_for_is_not_kept_for_ever() -> None:
    crowd = Crowd(Server("abcd"))
    await crowd.find("a")
    crowd.now = GOOD_SECONDS + 1
    crowd.walks.touch("/apis/somebody/elses")
    assert crowd.walks._walks == {}


async def test_a_walk_that_has_come_to_its_end_begins_anew() -> None:
    crowd = Crowd(Server("ab"))
    await crowd.find("ab")
    crowd.server.version = 2
    assert await crowd.find("ab") == "a2 b2"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        pytest.param("az", "-z a1", id="one that no page shows is not there"),
        pytest.param("z", "-z", id="one alone"),
    ],
)
async def test_whoever_has_met_all_knows_who_is_not_there(names: str, told: str) -> None:
    assert await Crowd(Server("abcd")).find(names) == told


async def test_whoever_has_gone_on_does_not() -> None:
    crowd = Crowd(Server("abcd"))
    await crowd.find("a")
    assert await crowd.find("cz") == "c1"


async def test_where_the_server_has_forgotten_the_rest_is_read_one_by_one() -> None:
    crowd = Crowd(Server("abcdef", forgets=True))
    told = [await crowd.find("ac"), await crowd.find("a")]
    assert (told, crowd.server.asked) == (["a1", "a1"], ["first", "1/2", "first"])


@pytest.mark.parametrize(
    ("waiting", "asked"),
    [
        pytest.param(1, ["first", "1/2"], id="enough are wanted of those that are left"),
        pytest.param(0, ["first"], id="too few"),
    ],
)
async def test_a_page_is_read_where_it_is_worth_it(waiting: int, asked: list[str]) -> None:
    crowd = Crowd(Server("abcdefgh"), waiting)
    assert 2 * WORTH == 8 - 2
    await crowd.find("c")
    assert crowd.server.asked == asked


async def test_of_very_many_that_are_known_a_few_are_not_looked_for() -> None:
    crowd = Crowd(Server("abcdefgh"), 0)
    await crowd.find("a")
    assert (await crowd.find("a"), crowd.server.asked) == ("", ["first"])


async def test_what_is_touched_while_it_is_read_is_not_told() -> None:
    crowd = Crowd(Server("abcd"))

    async def touch() -> None:
        crowd.walks.touch(f"{PATH}/a")

    crowd.server.meanwhile = touch
    assert await crowd.find("ab") == "b1"


async def test_a_page_that_comes_after_its_walk_has_ended_tells_nothing() -> None:
    """Nobody has kept account of what was touched since it began."""
    crowd = Crowd(Server("abcd"))
    await crowd.find("a")

    async def begin_another() -> None:
        crowd.server.meanwhile, crowd.now = None, GOOD_SECONDS + 1
        await crowd.find("b")

    crowd.server.meanwhile = begin_another
    assert await crowd.find("c") == ""


async def test_no_page_is_read_for_whom_none_may_tell_of() -> None:
    crowd = Crowd(Server("abcdef"))
    await crowd.find("a")
    crowd.walks.touch(f"{PATH}/c")
    assert (await crowd.find("bc"), crowd.server.asked) == ("b1", ["first"])
