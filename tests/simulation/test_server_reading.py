"""The in-memory API server and the real one, held to the same words: lists, selectors, pages, watches, discovery."""

from dataclasses import replace

import pytest

from prepaid.api.resource import API_VERSION
from prepaid.cluster.discovery import Discovery
from prepaid.cluster.errors import Gone, Refused
from prepaid.cluster.transport import METADATA_LIST, Request
from simulation.bench import Bench, an_instance

PLURAL = "prepaidinstances"


async def three(bench: Bench) -> str:
    """Instances a, b, c, each labelled with its name; the resourceVersion before b."""
    bodies = [(await bench.post(bench.path(PLURAL), an_instance(name, labels={"l": name}))).body for name in "abc"]
    return str(bodies[0]["metadata"]["resourceVersion"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param({"labelSelector": "l"}, "abc", id="a label that is there"),
        pytest.param({"labelSelector": "m"}, "", id="a label that is not there"),
        pytest.param({"labelSelector": "!m"}, "abc", id="without a label that is nowhere"),
        pytest.param({"labelSelector": "!l"}, "", id="without a label that is everywhere"),
        pytest.param({"labelSelector": "l=a"}, "a", id="a label of one value"),
        pytest.param({"labelSelector": "l!=a"}, "bc", id="a label of another value"),
        pytest.param({"labelSelector": "m!=a"}, "abc", id="another value of a label that is not there"),
        pytest.param({"labelSelector": "l,l!=a,l!=b"}, "c", id="labels that must all hold"),
        pytest.param({"labelSelector": "l in (a,c,d)"}, "ac", id="a label of one of these values"),
        pytest.param({"labelSelector": "l in (a, b),l!=b"}, "a", id="one of these values, and not another"),
        pytest.param({"labelSelector": "m in (a)"}, "", id="one of these values of a label that is not there"),
        pytest.param({"fieldSelector": "metadata.name=b"}, "b", id="a name"),
        pytest.param({"fieldSelector": "metadata.name!=b,spec.instanceClass=absent"}, "ac", id="fields that must all hold"),
        pytest.param({"fieldSelector": "spec.instanceClass!=absent"}, "", id="a selectable field of another value"),
        pytest.param({"fieldSelector": "metadata.name!=a", "labelSelector": "l!=c"}, "b", id="fields and labels"),
    ],
)
async def test_a_list_shows_what_is_selected(bench: Bench, query: dict[str, str], names: str) -> None:
    await three(bench)
    answer = await bench.get(bench.path(PLURAL), **query)
    assert "".join(body["metadata"]["name"] for body in answer["items"]) == names


async def test_an_empty_status_field_selects_as_an_empty_text(bench: Bench) -> None:
    order = {"instanceRef": {"name": "a"}, "periods": 1}
    body = {"apiVersion": API_VERSION, "kind": "RenewalOrder", "metadata": {"name": "o"}, "spec": order}
    await bench.post(bench.path("renewalorders"), body)
    answer = await bench.get(bench.path("renewalorders"), fieldSelector="status.phase!=Settled,status.phase!=Rejected")
    assert len(answer["items"]) == 1


@pytest.mark.parametrize("query", [{"fieldSelector": "spec.running=true"}, {"labelSelector": "!!"}])
async def test_a_selector_that_is_not_known_is_refused(bench: Bench, query: dict[str, str]) -> None:
    with pytest.raises(Refused):
        await bench.get(bench.path(PLURAL), **query)


async def test_a_list_comes_in_pages_of_one_moment(bench: Bench) -> None:
    await three(bench)
    first = await bench.get(bench.path(PLURAL), limit="2")
    await bench.delete(bench.path(PLURAL, "c"))
    second = await bench.get(bench.path(PLURAL), limit="2", **{"continue": first["metadata"]["continue"]})
    assert [body["metadata"]["name"] for body in (*first["items"], *second["items"])] == ["a", "b", "c"]
    assert not second["metadata"].get("continue")


async def test_a_list_of_metadata_shows_nothing_else(bench: Bench) -> None:
    """And comes in pages like any other."""
    await three(bench)
    answer = (await bench.transport.call(Request("GET", bench.path(PLURAL), {"limit": "2"}, accept=METADATA_LIST))).body
    assert [body["metadata"]["name"] for body in answer["items"]] == ["a", "b"]
    assert not [body for body in answer["items"] if "spec" in body or not body["metadata"]["resourceVersion"]]
    assert answer["metadata"]["continue"]


async def test_a_list_of_metadata_is_selected_by_fields_that_it_does_not_show(bench: Bench) -> None:
    """Where none is left, there is no list at all."""
    await three(bench)
    request = Request("GET", bench.path(PLURAL), {"fieldSelector": "spec.instanceClass=absent"}, accept=METADATA_LIST)
    none = replace(request, query={"fieldSelector": "spec.instanceClass=other"})
    assert len((await bench.transport.call(request)).body["items"]) == 3
    assert (await bench.transport.call(none)).body["items"] is None


async def test_items_of_our_kinds_say_what_they_are(bench: Bench) -> None:
    await three(bench)
    answer = await bench.get(bench.path(PLURAL))
    assert answer["kind"] == "PrepaidInstanceList"
    assert {body["kind"] for body in answer["items"]} == {"PrepaidInstance"}


async def test_a_watch_tells_what_came_changed_and_went(bench: Bench) -> None:
    version = await three(bench)
    await bench.patch(bench.path(PLURAL, "a"), {"spec": {"running": False}})
    await bench.delete(bench.path(PLURAL, "b"))
    told = await bench.events_since(bench.path(PLURAL), version)
    assert told == [("ADDED", "b"), ("ADDED", "c"), ("MODIFIED", "a"), ("DELETED", "b")]


async def test_a_watch_tells_what_left_its_selector_as_deleted(bench: Bench) -> None:
    version = await three(bench)
    await bench.patch(bench.path(PLURAL, "a"), {"metadata": {"labels": {"l": "z"}}})
    await bench.patch(bench.path(PLURAL, "c"), {"metadata": {"labels": {"l": "a"}}})
    assert await bench.events_since(bench.path(PLURAL), version, labelSelector="l=a") == [("DELETED", "a"), ("ADDED", "c")]


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "PersistentVolumeClaim", "/api/v1/namespaces/n/persistentvolumeclaims"),
        ("v1", "PersistentVolume", "/api/v1/persistentvolumes"),
        ("apps/v1", "StatefulSet", "/apis/apps/v1/namespaces/n/statefulsets"),
        ("coordination.k8s.io/v1", "Lease", "/apis/coordination.k8s.io/v1/namespaces/n/leases"),
        (API_VERSION, "InstanceClass", f"/apis/{API_VERSION}/instanceclasses"),
    ],
)
async def test_discovery_names_the_path_of_a_kind(bench: Bench, api_version: str, kind: str, path: str) -> None:
    endpoint = await Discovery(bench.transport).endpoint(api_version, kind)
    assert endpoint.path("n") == path


@pytest.mark.parametrize(("api_version", "kind"), [("absent.example/v1", "Thing"), ("apps/v1", "Thing")])
async def test_discovery_says_what_is_not_served(bench: Bench, api_version: str, kind: str) -> None:
    with pytest.raises(Gone):
        await Discovery(bench.transport).endpoint(api_version, kind)
