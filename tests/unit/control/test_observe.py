"""What is read of a piece of data: its volume only where that tells something."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from builders import START
from prepaid.api.instance import DataRecord, DataState, VolumeRecord
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Gone
from prepaid.cluster.transport import Answer, Request
from prepaid.control.observe import observe_record

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
        self._bodies: dict[str, Any] = {
            "/api/v1": CORE,
            CLAIM: {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim} if claim_uid else None,
            VOLUME: {"apiVersion": "v1", "kind": "PersistentVolume", **volume},
        }

    async def call(self, request: Request) -> Answer:
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
