"""The objects that are tried on: one of each kind in each phase that matters, written by nobody but us. No operator runs meanwhile."""

from typing import Any, Final

from cluster.matrix.cast import HOME
from prepaid.api.resource import API_VERSION

Body = dict[str, Any]
PAST, FUTURE = "2026-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
LABELS: Final = {"prepaid.dev/instance": "running", "prepaid.dev/instance-uid": "uid-of-running"}
GRANTED: Final = {"periods": 1, "startTime": PAST, "expirationTime": FUTURE}
TERMS: Final = {
    "price": "1.00",
    "currency": "CNY",
    "period": {"count": 1, "unit": "Hour"},
    "timeZone": "UTC",
    "renewalAnchor": "OriginalExpiration",
    "retention": {"count": 1, "unit": "Day", "dayType": "Calendar", "rounding": "Exact", "holidays": ""},
    "autoRenewLead": {"count": 0, "unit": "Hour"},
    "detachPolicy": "Force",
    "autoRenewInRecycleBin": False,
    "notices": {"beforeExpirationDays": [], "beforeReleaseHours": []},
}
INTENT: Final = {
    "sequence": 0,
    "order": {"name": "waiting", "uid": "uid-of-order"},
    "periods": 1,
    "amount": "1.00",
    "terms": TERMS,
    "state": "Open",
    "source": "Initial",
}
INSTANCES: Final[dict[str, Body]] = {
    "unbought": {"phase": "Pending"},
    "paying": {"phase": "Pending", "intent": INTENT},
    "running": {"phase": "Running", **GRANTED},
    "stopped": {"phase": "Stopped", **GRANTED},
    "recycled": {"phase": "Recycled", **GRANTED, "stay": 1, "recycleTime": PAST, "releaseTime": FUTURE},
    "terminating": {"phase": "Terminating", **GRANTED, "terminationTime": PAST},
    "terminated": {"phase": "Terminated", **GRANTED, "terminationTime": PAST},
    "signed": {"phase": "Running", **GRANTED},
}
"""`signed` carries the break-glass annotation of the platform administrator."""
SIGNATURE: Final = "platform: its owner has left"
IN_USE: Final = {"conditions": [{"type": "InUse", "status": "True", "reason": "HasInstances", "message": "", "lastTransitionTime": PAST}]}


def ours(kind: str, name: str, spec: Body, status: Body | None = None, **metadata: Any) -> Body:  # noqa: ANN401
    body = {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name, "namespace": HOME, **metadata}, "spec": spec}
    return {**body, **({"status": status} if status else {})}


def instance(name: str, status: Body | None = None, **metadata: Any) -> Body:  # noqa: ANN401
    return ours("PrepaidInstance", name, {"instanceClass": "matrix-used"}, status, **metadata)


def instance_class(name: str, status: Body | None = None) -> Body:
    spec = {"price": {"amount": "1.00", "currency": "CNY"}, "period": {"count": 1, "unit": "Hour"}, "timeZone": "UTC"}
    body = ours("InstanceClass", name, spec, status)
    del body["metadata"]["namespace"]
    return body


def account(name: str, status: Body | None = None) -> Body:
    return ours("PrepaidAccount", name, {"currency": "CNY", "deposited": "10.00"}, status)


def item(name: str, status: Body | None = None) -> Body:
    ref = {"name": name, "uid": f"uid-of-{name}", "stay": 1}
    return ours("RecycleBinItem", name, {"instanceRef": ref, "recycleTime": PAST, "releaseTime": FUTURE, "reason": "Expired"}, status)


def order(name: str, status: Body | None = None, **spec: Any) -> Body:  # noqa: ANN401
    return ours("RenewalOrder", name, {"instanceRef": {"name": "running"}, **spec}, status)


def elastic(name: str, status: Body | None = None) -> Body:
    target = {"apiVersion": "v1", "kind": "Service", "name": name}
    return ours("ElasticResource", name, {"type": "ElasticIP", "targetRef": target}, status)


def of_ours() -> list[Body]:
    """All objects of our kinds, with the status that each is given."""
    signed = {"signed": {"annotations": {"prepaid.dev/break-glass": SIGNATURE}}}
    return [
        *(instance(name, status, labels={"phase": name}, **signed.get(name, {})) for name, status in INSTANCES.items()),
        instance_class("matrix-used", IN_USE),
        instance_class("matrix-free"),
        account("used", IN_USE),
        account("free"),
        item("recycled"),
        item("terminating", {"phase": "Terminating"}),
        order("waiting"),
        order("settled", {"phase": "Settled"}),
        order("rejected", {"phase": "Rejected"}),
        elastic("held", {"phase": "Attached", "attachedTo": [{"name": "running", "uid": "uid-of-running"}]}),
        elastic("idle", {"phase": "Idle"}),
    ]


def stateful_set(name: str = "running") -> Body:
    container = {"name": "main", "image": "nginx:1"}
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "serviceName": name, "selector": {"matchLabels": LABELS}, "template": template}
    return made("apps/v1", "StatefulSet", name, spec)


def claim(name: str = "data-running-0") -> Body:
    return made("v1", "PersistentVolumeClaim", name, {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})


def pod(name: str, labels: dict[str, str], claim_name: str = "") -> Body:
    """One that no scheduler will ever place."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": claim_name}}] if claim_name else []
    spec = {"containers": [{"name": "main", "image": "nginx:1"}], "volumes": volumes, "schedulerName": "nobody"}
    return made("v1", "Pod", name, spec, labels)


def made(api_version: str, kind: str, name: str, spec: Body, labels: dict[str, str] = LABELS) -> Body:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": HOME, "labels": labels},
        "spec": spec,
    }


def of_others() -> list[Body]:
    """What backs the running instance, and a pod that is nobody's."""
    return [stateful_set(), claim(), pod("backing", LABELS), pod("own", {"app": "own"})]


OUR_KINDS: Final = {body["kind"] for body in of_ours()}
