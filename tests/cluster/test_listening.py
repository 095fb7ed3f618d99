"""What our watches and kopf's session hear of a real server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.apiserver import MONEY, Api
from cluster.wares import an_account
from prepaid.api.account import PrepaidAccount
from prepaid.api.resource import API_VERSION
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection
from prepaid.cluster.errors import Unavailable
from prepaid.cluster.transport import METADATA, Request
from prepaid.cluster.watch import Watch
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

NAMESPACE = "listening"
LABEL = {"listening": "yes"}
LIMIT_SECONDS = 30.0
NAMESPACES = Request("GET", "/api/v1/namespaces")


@pytest.fixture
async def connection(control_plane: ControlPlane) -> AsyncIterator[Connection]:
    made = Connection(str(control_plane.kubeconfig(ADMIN)), None, Clock())
    await made.connect()
    yield made
    await made.close()


@pytest.fixture(scope="module", autouse=True)
def namespace(admin: Api) -> None:
    admin.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})


def labelled(name: str) -> dict[str, Any]:
    account = an_account(NAMESPACE, name, "1.00")
    return {**account, "metadata": {**account["metadata"], "labels": LABEL}}


async def test_it_hears_of_what_is_there_and_of_what_comes_changes_and_goes(connection: Connection, admin: Api) -> None:
    watch = Watch(Cluster(connection, Clock()), API_VERSION, PrepaidAccount.kind, "listening=yes").follow()
    first = asyncio.ensure_future(anext(watch))
    admin.create(labelled("came"))
    heard = [await asyncio.wait_for(first, LIMIT_SECONDS)]
    admin.merge(MONEY, NAMESPACE, "came", {"metadata": {"annotations": {"a": "b"}}})
    heard.append(await asyncio.wait_for(anext(watch), LIMIT_SECONDS))
    admin.delete(MONEY, NAMESPACE, "came")
    heard.append(await asyncio.wait_for(anext(watch), LIMIT_SECONDS))
    assert [(one.metadata["name"], one.metadata.get("annotations"), "uid" in one.metadata, one.has_gone) for one in heard] == [
        ("came", None, True, False),
        ("came", {"a": "b"}, True, False),
        ("came", {"a": "b"}, True, True),
    ]


async def test_a_watch_brings_metadata_alone(connection: Connection, admin: Api) -> None:
    admin.create(labelled("bare"))
    query = {"watch": "true", "resourceVersion": "0", "timeoutSeconds": "5", "labelSelector": "listening=yes"}
    stream = connection.stream(Request("GET", f"/apis/{API_VERSION}/{PrepaidAccount.plural}", query, accept=METADATA))
    told = await asyncio.wait_for(anext(stream), LIMIT_SECONDS)
    assert sorted(told["object"]) == ["apiVersion", "kind", "metadata"]


async def test_a_watch_that_ends_says_how_far_it_is(connection: Connection) -> None:
    query = {"watch": "true", "resourceVersion": "0", "timeoutSeconds": "5", "labelSelector": "listening=no", "allowWatchBookmarks": "true"}
    stream = connection.stream(Request("GET", f"/apis/{API_VERSION}/{PrepaidAccount.plural}", query, accept=METADATA))
    told = [event async for event in stream]
    assert {event["type"] for event in told} == {"BOOKMARK"}
    assert all(int(event["object"]["metadata"]["resourceVersion"]) > 0 for event in told)


async def test_where_the_server_does_not_remember_that_far_all_is_listed(connection: Connection, admin: Api) -> None:
    admin.create(labelled("there-before"))
    watch = Watch(Cluster(connection, Clock()), API_VERSION, PrepaidAccount.kind, "listening=yes", version="1").follow()
    names = [(await asyncio.wait_for(anext(watch), LIMIT_SECONDS)).metadata["name"]]
    while names[-1] != "there-before":
        names.append((await asyncio.wait_for(anext(watch), LIMIT_SECONDS)).metadata["name"])
    assert set(names) <= {"bare", "there-before"}


async def test_after_a_401_the_credentials_are_read_again_at_once(control_plane: ControlPlane, tmp_path: Path) -> None:
    valid = control_plane.kubeconfig(ADMIN).read_text()
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(with_token(valid, "outdated"))
    connection = Connection(str(kubeconfig), None, Clock())
    await connection.connect()
    with pytest.raises(Unavailable, match="Unauthorized"):
        await connection.call(NAMESPACES)
    kubeconfig.write_text(valid)
    assert (await connection.call(NAMESPACES)).body["items"]
    await connection.close()


def with_token(kubeconfig: str, token: str) -> str:
    told = yaml.safe_load(kubeconfig)
    told["users"][0]["user"]["token"] = token
    return yaml.safe_dump(told)


async def test_our_own_exchanges_outlive_kopfs_session(connection: Connection) -> None:
    """It closes its session after a 401."""
    session = connection.another_session()
    async with session.get(f"{connection.server}/api/v1/namespaces") as reply:
        assert reply.status == 200
    await session.close()
    assert (await connection.call(NAMESPACES)).body["items"]
