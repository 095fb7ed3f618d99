"""The shared control plane: claims get real directories, pods run, personas have their rights and no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from prepaid.local.personas import PERSONAS
from prepaid.local.plane import ControlPlane
from prepaid.local.processes import wait_until

LIMIT_SECONDS = 60.0


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


def directory_of(control_plane: ControlPlane, claim: str) -> Path:
    """Where the data of a bound claim lies."""
    found = json.loads(control_plane.kubectl("alice").ask("get", "pvc", claim, "-o", "json"))
    assert found["status"]["phase"] == "Bound"
    volume = json.loads(control_plane.kubectl().ask("get", "pv", found["spec"]["volumeName"], "-o", "json"))
    return Path(volume["spec"]["hostPath"]["path"])


def test_a_claim_has_a_directory_as_long_as_it_exists(control_plane: ControlPlane) -> None:
    alice = control_plane.kubectl("alice")
    alice.apply([stateful_set("disk")])
    alice.ask("wait", "--for=create", "pod/disk-0", "--timeout=60s")
    alice.ask("wait", "--for=condition=Ready", "pod/disk-0", "--timeout=60s")
    directory = directory_of(control_plane, "data-disk-0")
    assert directory.is_dir()
    alice.ask("delete", "statefulset", "disk", "--cascade=foreground", "--timeout=60s")
    assert directory.is_dir()
    alice.ask("delete", "pvc", "data-disk-0", "--timeout=60s")
    assert wait_until(lambda: not directory.exists(), LIMIT_SECONDS)


def may(control_plane: ControlPlane, persona: str, right: str, namespace: str) -> bool:
    """Asks the API server, as this persona; `kubectl auth can-i` knows no groups without objects."""
    verb, _, what = right.partition(" ")
    resource, _, group = what.partition(".")
    attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": attributes}}
    asked = ("create", "--filename=-", "--validate=false", "--output=jsonpath={.status.allowed}")
    return control_plane.kubectl(persona).ask(*asked, given=json.dumps(review)) == "true"


@pytest.mark.parametrize(
    ("persona", "right", "namespace", "has_it"),
    [
        pytest.param("alice", "create prepaidinstances.prepaid.dev", "team-a", True, id="a tenant buys"),
        pytest.param("alice", "create renewalorders.prepaid.dev", "team-a", True, id="a tenant renews"),
        pytest.param("alice", "patch recyclebinitems.prepaid.dev", "team-a", True, id="a tenant decides about a bin item"),
        pytest.param("alice", "create recyclebinitems.prepaid.dev", "team-a", False, id="a tenant makes no bin item"),
        pytest.param("alice", "delete recyclebinitems.prepaid.dev", "team-a", False, id="a tenant deletes no bin item"),
        pytest.param("alice", "get prepaidaccounts.prepaid.dev", "team-a", True, id="a tenant sees its account"),
        pytest.param("alice", "patch prepaidaccounts.prepaid.dev", "team-a", False, id="a tenant does not top up its account"),
        pytest.param("alice", "deposit prepaidaccounts.rights.prepaid.dev", "team-a", False, id="nor has it the right to"),
        pytest.param("alice", "list instanceclasses.prepaid.dev", "", True, id="a tenant sees what is sold"),
        pytest.param("alice", "use instanceclasses.rights.prepaid.dev", "", True, id="a tenant may use a class"),
        pytest.param("alice", "patch instanceclasses.prepaid.dev", "", False, id="a tenant sets no prices"),
        pytest.param("alice", "breakglass prepaidinstances.rights.prepaid.dev", "team-a", False, id="a tenant breaks no glass"),
        pytest.param("alice", "create persistentvolumeclaims", "team-a", True, id="a tenant has claims"),
        pytest.param("bob", "get pods", "team-a", False, id="a tenant does not see its neighbours"),
        pytest.param("cashier", "patch prepaidaccounts.prepaid.dev", "team-a", True, id="a cashier tops up accounts"),
        pytest.param("cashier", "deposit prepaidaccounts.rights.prepaid.dev", "team-a", True, id="a cashier may deposit"),
        pytest.param("cashier", "get pods", "team-a", False, id="a cashier sees no workloads"),
        pytest.param("viewer", "list prepaidinstances.prepaid.dev", "", True, id="a viewer sees everything"),
        pytest.param("viewer", "patch prepaidinstances.prepaid.dev", "", False, id="a viewer changes nothing"),
        pytest.param("viewer", "get secrets", "", False, id="a viewer sees no secrets"),
        pytest.param("operator", "patch leases.coordination.k8s.io", "prepaid-system", True, id="an operator leads by its own lease"),
        pytest.param("operator", "create leases.coordination.k8s.io", "team-a", False, id="it has no business with the leases of others"),
        pytest.param("operator", "get leases.coordination.k8s.io", "kube-node-lease", False, id="nor with those of nodes"),
        pytest.param("admin", "deposit prepaidaccounts.rights.prepaid.dev", "team-a", True, id="an administrator may do anything"),
    ],
)
def test_rights(control_plane: ControlPlane, persona: str, right: str, namespace: str, *, has_it: bool) -> None:
    assert may(control_plane, persona, right, namespace) is has_it


def test_the_operator_has_its_rights_by_its_service_account(control_plane: ControlPlane) -> None:
    user = next(persona.user for persona in PERSONAS if persona.name == "operator")
    asked = [("delete", "persistentvolumeclaims"), ("update", "prepaidinstances.prepaid.dev"), ("create", "statefulsets.apps")]
    answers = [control_plane.kubectl().run("auth", "can-i", *each, "-A", f"--as={user}").stdout.strip() for each in asked]
    assert answers == ["yes", "yes", "yes"]


def test_the_api_server_can_be_reached_from_this_machine_only(control_plane: ControlPlane) -> None:
    assert "https://127.0.0.1:" in control_plane.kubectl().ask("config", "view", "--minify")


def test_a_stranger_is_turned_away(control_plane: ControlPlane) -> None:
    refused = control_plane.kubectl().run("get", "pods", "--token=guessed")
    assert "provide credentials" in refused.stderr or "Unauthorized" in refused.stderr
