"""What is read of a piece of data: its volume only where that tells something, and who mounts it when it is first seen."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from builders import START, claim, data_record, recycled, running, volume
from prepaid.api.instance import DataRecord, DataState, VolumeRecord
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone
from prepaid.cluster.glance import Glance
from prepaid.cluster.transport import Answer, Request
from prepaid.control.intruders import find_intruders
from prepaid.control.observe import observe_fresh, observe_intruders, observe_record
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.objects import ObjectRef

CLAIM, VOLUME = "/api/v1/namespaces/team-a/persistentvolumeclaims/data", "/api/v1/persistentvolumes/pv-1"
CORE = {
    "resources": [
        {"kind": "PersistentVolumeClaim", "name": "persistentvolumeclaims", "namespaced": True},
        {"kind": "PersistentVolume", "name": "persistentvolumes", "namespaced": False},
    ]
}


class Server:
    """Has one volume, and its claim if it is not gone."""

    def __init__(self, claim_uid: str) -> None:
        claim = {"metadata": {"name": "data", "namespace": "team-a", "uid": claim_uid}, "spec": {"volumeName": "pv-1"}}
        volume = {"metadata": {"name": "pv-1", "uid": "volume-1"}}
        self.asked: list[str] = []
        self._bodies: dict[str, Any] = {
            "/api/v1": CORE,
            CLAIM: {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim} if claim_uid else None,
            VOLUME: {"apiVersion": "v1", "kind": "PersistentVolume", **volume},
        }

    async def call(self, request: Request) -> Answer:
        self.asked.append(request.path)
        if body := self._bodies[request.path]:
            return Answer(body)
        raise Gone("there is none", "NotFound")

    async def stream(self, _request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {}


@pytest.mark.parametrize(
    ("claim_uid", "known", "is_there", "volume"),
    [
        pytest.param("claim-1", None, True, "volume-1", id="not recorded yet: it is looked for"),
        pytest.param("claim-1", "volume-1", True, None, id="recorded, and its claim is there: nothing is asked"),
        pytest.param("", "volume-1", False, "volume-1", id="its claim is gone: is it?"),
        pytest.param("claim-2", "volume-1", False, "volume-1", id="another claim has the name"),
        pytest.param("", "volume-0", False, None, id="another volume has the name"),
    ],
)
async def test_the_volume_of_a_claim_on_record(claim_uid: str, known: str | None, is_there: bool, volume: str | None) -> None:
    record = DataRecord(
        api_version="v1",
        kind="PersistentVolumeClaim",
        name="data",
        uid="claim-1",
        volume=VolumeRecord(name="pv-1", uid=known) if known else None,
        state=DataState.PRESENT,
    )
    seen = await observe_record(record, "team-a", Cluster(Server(claim_uid), Clock(lambda: START, lambda: 0.0)))
    found = seen.volume.metadata.uid if seen.volume else None
    assert (seen.live is not None, found) == (is_there, volume)


@pytest.mark.parametrize(
    ("known", "volumes", "asked"),
    [
        pytest.param((), ["volume-1"], [CLAIM, VOLUME], id="a claim that is new: its volume is looked for"),
        pytest.param(("claim-1",), [], [CLAIM], id="one that is on record: it has been seen, and nothing more is asked"),
    ],
)
async def test_what_lives_under_a_name_of_data(known: tuple[str, ...], volumes: list[str], asked: list[str]) -> None:
    server = Server("claim-1")
    ref, cluster = ObjectRef("v1", "PersistentVolumeClaim", "team-a", "data"), Cluster(server, Clock(lambda: START, lambda: 0.0))
    seen = await observe_fresh(ref, known, running().instance, None, cluster)
    assert [one.metadata.uid for one in (seen.volume,) if one] == volumes if seen else not volumes
    assert [path for path in server.asked if path != "/api/v1"] == asked


PODS = "/api/v1/namespaces/team-a/pods"
SPY = {
    "metadata": {"name": "spy", "uid": "pod-1"},
    "spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data-web-1-0"}}]},
}


@dataclass
class PodServer:
    """Has these pods of nobody's."""

    pods: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        resources = [{"kind": "Pod", "name": "pods", "namespaced": True}]
        return Answer({"items": list(self.pods)} if request.path == PODS else {"resources": resources})

    async def stream(self, _request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {}


NEW, KNOWN = SeenData(None, claim(), volume(), is_ours=True), SeenData(data_record(), claim(), None, is_ours=True)


@pytest.mark.parametrize(
    ("facts", "data", "names"),
    [
        pytest.param(running(), NEW, ["spy"], id="data that is new: a pod came between an earlier list and the claim"),
        pytest.param(running(), KNOWN, [], id="data on record: nobody can have come, nobody is asked for"),
        pytest.param(recycled(), KNOWN, [], id="not to run: what was read in this look is good enough"),
    ],
)
async def test_whoever_mounts_what_is_new_is_found(facts: Facts, data: SeenData, names: list[str]) -> None:
    server = PodServer()
    glance = Glance(Cluster(server, Clock(lambda: START, lambda: 0.0)))
    assert await find_intruders("team-a", ["data-web-1-0"], glance) == ()
    server.pods.append(SPY)
    found = await observe_intruders(facts.instance, (data,), glance)
    assert [pod.metadata.name for pod in found] == names
