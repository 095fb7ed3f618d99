"""What several sights have in common: pages answer for each object in them, and a whole list for all that is not in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from whenever import Instant

from builders import item as an_item
from prepaid.api.bin_item import RecycleBinItem
from prepaid.cluster.client import METADATA_PAGE_SIZE, Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Gone, Unavailable
from prepaid.cluster.glance import Glance
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.transport import Answer, Request

NOON = Instant.parse_iso("2026-06-01T12:00:00Z")
ITEMS = "/apis/prepaid.dev/v1alpha1/namespaces/team-a/recyclebinitems"


def body(name: str, version: str = "1", **metadata: str) -> dict[str, Any]:
    return {
        **an_item().to_manifest(),
        "metadata": {"name": name, "namespace": "team-a", "uid": "u", "resourceVersion": version, **metadata},
    }


@dataclass
class Server:
    """Has a page of items, and more where it says so; a write is answered with version 2 and `and_then`; `fault` is raised instead."""

    names: tuple[str, ...] = ("a",)
    goes_on: str = ""
    and_then: dict[str, str] = field(default_factory=dict)
    fault: ClusterError | None = None
    remaining: int = 1
    asked: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        self.asked.append(f"{request.method} {request.path.removeprefix(ITEMS)}")
        if self.fault:
            raise self.fault
        name = request.path.removeprefix(ITEMS).strip("/").partition("/")[0]
        if request.method != "GET":
            return Answer(body(name or "made", "2", **self.and_then))
        if not name:
            metadata = {"continue": self.goes_on, "remainingItemCount": self.remaining} if self.goes_on else {}
            return Answer({"metadata": metadata, "items": [body(one) for one in self.names]})
        if name not in self.names:
            raise Gone("there is none", "NotFound")
        return Answer(body(name))

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


async def glances(server: Server, many: int = 1) -> list[Glance]:
    """So many, after the items were taken in."""
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    panorama = Panorama(cluster)
    await panorama.take_in(RecycleBinItem, "team-a")
    panorama.take_moment()
    server.asked.clear()
    return [Glance(cluster, panorama) for _ in range(many)]


async def version(glance: Glance, name: str) -> str | None:
    found = await glance.read(RecycleBinItem, "team-a", name)
    return found.metadata.resource_version if found else None


@pytest.mark.parametrize(
    ("goes_on", "name", "found", "asked"),
    [
        pytest.param("", "a", "1", [], id="what is on the page is known"),
        pytest.param("", "b", None, [], id="that there is none is known of a whole list"),
        pytest.param("more", "a", "1", [], id="what is on the first page of several is known"),
        pytest.param("more", "b", None, ["GET /b"], id="what is not on the first page of several is asked for"),
    ],
)
async def test_one_of_a_kind(goes_on: str, name: str, found: str | None, asked: list[str]) -> None:
    server = Server(goes_on=goes_on)
    (glance,) = await glances(server)
    assert (await version(glance, name), server.asked) == (found, asked)


async def test_the_list_is_known_too() -> None:
    server = Server(("a", "b"))
    (glance,) = await glances(server)
    assert ([item.metadata.name for item in await glance.all(RecycleBinItem, "team-a")], server.asked) == (["a", "b"], [])


async def test_another_list_is_asked_for() -> None:
    server = Server()
    (glance,) = await glances(server)
    await glance.all(RecycleBinItem, "team-a", labels="x=y")
    assert server.asked == ["GET "]


async def test_a_list_can_be_put_in_by_what_selects_it() -> None:
    server = Server()
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    panorama = Panorama(cluster)
    panorama.put(RecycleBinItem, "team-a", "metadata.name=b", [body("b")])
    found = await Glance(cluster, panorama).all(RecycleBinItem, "team-a", fields="metadata.name=b")
    assert ([item.metadata.name for item in found], server.asked) == (["b"], [])


@pytest.mark.parametrize(("names", "goes_on"), [(("b",), "more"), ((), "more")], ids=["there is one", "there is none"])
async def test_one_that_no_page_has_shown_is_read_with_the_others(names: tuple[str, ...], goes_on: str) -> None:
    server = Server((), goes_on)
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    panorama = Panorama(cluster)
    await panorama.take_in(RecycleBinItem, "team-a")
    server.names = names
    await panorama.take_in_one(RecycleBinItem, "team-a", "b")
    server.asked.clear()
    assert (await version(Glance(cluster, panorama), "b") is not None, server.asked) == ("b" in names, [])


@pytest.mark.parametrize(
    ("remaining", "there", "known", "asked"),
    [
        pytest.param(0, ["a"], [False, True], ["GET "], id="of few, whose names are asked for again"),
        pytest.param(METADATA_PAGE_SIZE, [], [False, False], [], id="of more than a page, which are read one by one from then on"),
    ],
)
async def test_names_of_a_kind(remaining: int, there: list[str], known: list[bool], asked: list[str]) -> None:
    """Two are wanted, of which the page shows one."""
    server = Server(("a", "b", "c"), "more" if remaining else "", remaining=remaining)
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    first, second = Panorama(cluster), Panorama(cluster)
    assert sorted(await first.take_in_names(RecycleBinItem, "team-a", ["a", "z"])) == there
    server.asked.clear()
    await second.take_in_names(RecycleBinItem, "team-a", ["a", "z"])
    assert ([first.shows(RecycleBinItem, "team-a", name) for name in "az"], server.asked) == (known, asked)


async def test_names_are_not_asked_for_where_a_page_would_not_tell_them_however_many_want_to_know() -> None:
    server = Server(("a", "b", "c"), "more", remaining=METADATA_PAGE_SIZE)
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    many = [f"i{number}" for number in range(METADATA_PAGE_SIZE)]
    for _ in range(2):
        await Panorama(cluster).take_in_names(RecycleBinItem, "team-a", many)
    assert server.asked == ["GET "]


async def test_what_labels_bring_is_known_one_by_one() -> None:
    server = Server(("a",))
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    panorama = Panorama(cluster)
    await panorama.take_in_labelled(RecycleBinItem, "team-a", "x in (a,z)")
    assert [panorama.shows(RecycleBinItem, "team-a", name) for name in "az"] == [True, False]


async def test_who_has_written_sees_what_was_kept_and_the_others_what_was_there() -> None:
    server = Server()
    writer, other = await glances(server, 2)
    item = await writer.read(RecycleBinItem, "team-a", "a")
    assert item is not None
    await writer.write_status(item)
    assert (await version(writer, "a"), await version(other, "a"), server.asked) == ("2", "1", ["PUT /a/status"])


async def test_a_list_shows_who_has_written_what_was_kept() -> None:
    server = Server(("a", "b"))
    writer, other = await glances(server, 2)
    item = await writer.read(RecycleBinItem, "team-a", "a")
    assert item is not None
    await writer.write_status(item)
    seen = [[one.metadata.resource_version for one in await glance.all(RecycleBinItem, "team-a")] for glance in (writer, other)]
    assert (seen, server.asked) == ([["2", "1"], ["1", "1"]], ["PUT /a/status"])


async def test_a_list_is_asked_for_again_where_nobody_knows_whether_it_was_written() -> None:
    server = Server()
    (glance,) = await glances(server)
    item = await glance.read(RecycleBinItem, "team-a", "a")
    assert item is not None
    server.fault = Unavailable("the line went dead")
    with pytest.raises(Unavailable):
        await glance.write_status(item)
    server.fault = None
    await glance.all(RecycleBinItem, "team-a")
    assert server.asked == ["PUT /a/status", "GET "]


async def test_one_that_cannot_be_read_is_nobody_elses_trouble() -> None:
    server = Server((), "more")
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    panorama = Panorama(cluster)
    await panorama.take_in(RecycleBinItem, "team-a")
    server.fault = Unavailable("not this one")
    await panorama.take_in_one(RecycleBinItem, "team-a", "b")
    server.fault = None
    with pytest.raises(Unavailable):
        await Glance(cluster, panorama).read(RecycleBinItem, "team-a", "b")


async def test_one_can_be_put_in() -> None:
    server = Server()
    cluster = Cluster(server, Clock(lambda: NOON, lambda: 0.0))
    panorama = Panorama(cluster)
    panorama.put_one(RecycleBinItem, body("b"))
    assert (await version(Glance(cluster, panorama), "b"), server.asked) == ("1", [])


@pytest.mark.parametrize("name", ["a", "status"], ids=["usual", "odd"])
async def test_what_was_kept_is_known_whatever_its_name(name: str) -> None:
    server = Server((name,))
    (glance,) = await glances(server)
    item = await glance.read(RecycleBinItem, "team-a", name)
    assert item is not None
    patched = await glance.patch(item, {"metadata": {}})
    seen = await version(glance, name)
    await glance.write_status(patched)
    assert (seen, await version(glance, name), server.asked) == ("2", "2", [f"PATCH /{name}", f"PUT /{name}/status"])


async def test_who_has_made_one_asks_for_the_list_again() -> None:
    server = Server()
    (glance,) = await glances(server)
    await glance.create(RecycleBinItem.parse(body("made")))
    known = await version(glance, "made")
    await glance.all(RecycleBinItem, "team-a")
    assert (known, server.asked) == ("2", ["POST ", "GET "])


async def test_what_is_being_deleted_is_asked_for_again() -> None:
    server = Server(and_then={"deletionTimestamp": NOON.format_iso()})
    (glance,) = await glances(server)
    item = await glance.read(RecycleBinItem, "team-a", "a")
    assert item is not None
    await glance.write_status(item)
    await version(glance, "a")
    assert server.asked == ["PUT /a/status", "GET /a"]


async def test_what_was_deleted_is_asked_for_again() -> None:
    server = Server()
    (glance,) = await glances(server)
    item = await glance.read(RecycleBinItem, "team-a", "a")
    assert item is not None
    await glance.delete(item)
    await version(glance, "a")
    assert server.asked == ["DELETE /a", "GET /a"]


async def test_all_decide_by_the_moment_that_was_taken() -> None:
    seconds = iter(range(10))
    cluster = Cluster(Server(), Clock(lambda: NOON.add(seconds=next(seconds)), lambda: 0.0))
    panorama = Panorama(cluster)
    panorama.take_moment()
    assert [Glance(cluster, panorama).now(), cluster.now(), Glance(cluster, panorama).now()] == [NOON, NOON.add(seconds=1), NOON]
