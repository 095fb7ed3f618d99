"""The local control plane: claims get real directories, pods run, personas have their rights, up heals."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prepaid.local.plane import ControlPlane

LIMIT_SECONDS = 60.0


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
    return True


def stateful_set(name: str) -> dict[str, Any]:
    labels = {"app": name}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    container = {"name": "main", "image": "example", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": "team-a"},
        "spec": {
            "serviceName": name,
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
        },
    }


def test_a_claim_has_a_directory_as_long_as_it_exists(control_plane: ControlPlane) -> None:
    alice = control_plane.kubectl("alice")
    alice.apply([stateful_set("disk")])
    alice.ask("wait", "--for=create", "pod/disk-0", "--timeout=60s")
    alice.ask("wait", "--for=condition=Ready", "pod/disk-0", "--timeout=60s")
    claim = json.loads(alice.ask("get", "pvc", "data-disk-0", "-o", "json"))
    assert claim["status"]["phase"] == "Bound"
    volume = json.loads(control_plane.kubectl().ask("get", "pv", claim["spec"]["volumeName"], "-o", "json"))
    directory = Path(volume["spec"]["hostPath"]["path"])
    assert directory.is_dir()
    alice.ask("delete", "statefulset", "disk", "--wait=false")
    alice.ask("wait", "--for=delete", "pod/disk-0", "--timeout=60s")
    alice.ask("delete", "pvc", "data-disk-0", "--timeout=60s")
    assert eventually(lambda: not directory.exists())
