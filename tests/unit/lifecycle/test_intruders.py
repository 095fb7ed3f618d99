"""Pods of nobody's that mount what belongs to instances: only those that live, and mount one of the claims."""

from typing import Any

import pytest

from builders import live
from prepaid.lifecycle.intruders import intruder_event, mounting
from prepaid.lifecycle.objects import LiveObject


def pod(*volumes: dict[str, Any], phase: str = "Running") -> LiveObject:
    return live("Pod", "thief", "thief-uid", "v1", spec={"volumes": list(volumes)}, status={"phase": phase})


def volume(claim: str) -> dict[str, Any]:
    return {"name": "v", "persistentVolumeClaim": {"claimName": claim}}


@pytest.mark.parametrize(
    ("seen", "is_found"),
    [
        pytest.param(pod(volume("data-web-1-0")), True, id="it mounts the claim"),
        pytest.param(pod({"name": "tmp", "emptyDir": {}}, volume("data-web-1-0")), True, id="among other things"),
        pytest.param(pod(volume("mine")), False, id="it mounts another claim"),
        pytest.param(pod(), False, id="it mounts nothing"),
        pytest.param(live("Pod", "thief", "thief-uid", "v1", spec={}), False, id="it has no volumes"),
        pytest.param(pod(volume("data-web-1-0"), phase="Succeeded"), False, id="it has ended"),
        pytest.param(pod(volume("data-web-1-0"), phase="Pending"), True, id="it is about to"),
    ],
)
def test_who_intrudes(seen: LiveObject, is_found: bool) -> None:
    assert bool(mounting([seen], ["data-web-1-0"])) is is_found


def test_the_owner_is_told_once_for_each_pod() -> None:
    event = intruder_event(pod(volume("data-web-1-0")))
    assert event.message == "Pod thief mounted the data of this instance and was deleted; mount a claim of your own."
    assert (event.once, event.is_warning) == ("pod-thief-uid", True)
