"""What the server adds to the built-in kinds before it stores them, as far as the operator can see it."""

from typing import Any, Final

from simulation.served import CLAIM, DEPLOYMENT, POD, STATEFUL_SET, VOLUME, Body, Served

CONTAINER: Final = {
    "imagePullPolicy": "IfNotPresent",
    "resources": {},
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
POD_SPEC: Final = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "securityContext": {},
    "schedulerName": "default-scheduler",
}
STATEFUL_SET_SPEC: Final = {
    "replicas": 1,
    "podManagementPolicy": "OrderedReady",
    "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
    "revisionHistoryLimit": 10,
    "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
}
DEPLOYMENT_SPEC: Final = {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}


def defaulted(served: Served, body: Body) -> Body:
    """An object of a built-in kind with what the server fills in at every write."""
    spec = body.get("spec", {})
    if served is STATEFUL_SET:
        claims = [defaulted_claim(claim) for claim in spec.get("volumeClaimTemplates", [])]
        filled = {**STATEFUL_SET_SPEC, **spec, "template": defaulted_template(spec["template"])}
        return {**body, "spec": {**filled, "volumeClaimTemplates": claims} if claims else filled}
    if served is DEPLOYMENT:
        return {**body, "spec": {**DEPLOYMENT_SPEC, **spec, "template": defaulted_template(spec["template"])}}
    if served is CLAIM:
        return {**body, "spec": {"volumeMode": "Filesystem", "storageClassName": "standard", **spec}}
    return body


def defaulted_template(template: Body) -> Body:
    spec = template.get("spec", {})
    containers = [{**CONTAINER, **container} for container in spec.get("containers", [])]
    return {**template, "spec": {**POD_SPEC, **spec, "containers": containers}}


def defaulted_claim(claim: Body) -> Body:
    spec = {"volumeMode": "Filesystem", **claim.get("spec", {})}
    return {"kind": "PersistentVolumeClaim", "apiVersion": "v1", **claim, "spec": spec, "status": {"phase": "Pending"}}


def first_status(served: Served) -> dict[str, Any]:
    """The status that a new object begins with; what a client sends is dropped."""
    if served is STATEFUL_SET:
        return {"status": {"replicas": 0, "availableReplicas": 0}}
    if served in (POD, CLAIM, VOLUME):
        return {"status": {"phase": "Pending"}}
    return {"status": {}} if served is DEPLOYMENT else {}


def first_finalizers(served: Served) -> list[str]:
    """What protects claims and volumes in use."""
    names = {CLAIM: ["kubernetes.io/pvc-protection"], VOLUME: ["kubernetes.io/pv-protection"]}
    return names.get(served, [])
