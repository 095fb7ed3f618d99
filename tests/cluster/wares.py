"""What these tests sell and buy: classes with terms of seconds, and instances of them. Whole manifests, fresh each time."""

from typing import Any, Final

from cluster.apiserver import Body
from prepaid.api.marks import ATTACH_PREFIX
from prepaid.api.resource import API_VERSION
from prepaid.lifecycle.template import merge_patch

TERM_SECONDS: Final = 20
RETENTION_SECONDS: Final = 12
LABELS: Final = {"app.kubernetes.io/instance": "$(name)"}
CONTAINER: Final = {"name": "main", "image": "$(params.image)"}
IMAGE: Final = {"name": "image", "default": "nginx:1", "pattern": "[a-z]+:[0-9]+", "maxLength": 40}


def pod_template(**container: Any) -> Body:  # noqa: ANN401
    return {"metadata": {"labels": LABELS}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [{**CONTAINER, **container}]}}


def stateful_workload() -> Body:
    """A pod with a claim."""
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    spec = {
        "serviceName": "$(name)",
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": LABELS},
        "template": pod_template(volumeMounts=[{"name": "data", "mountPath": "/data"}]),
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
    }
    return {
        **scalable({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "$(name)"}, "spec": spec}),
        "data": [{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": "data-$(name)-0"}],
    }


def stateless_workload() -> Body:
    """A pod without data."""
    spec = {"strategy": {"type": "Recreate"}, "selector": {"matchLabels": LABELS}, "template": pod_template()}
    return scalable({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "$(name)"}, "spec": spec})


def scalable(template: Body) -> Body:
    return {
        "template": template,
        "running": {"spec": {"replicas": 1}},
        "stopped": {"spec": {"replicas": 0}},
        "podTemplate": "spec.template",
        "ready": {"path": "status.readyReplicas", "equals": 1},
    }


def a_class(
    name: str,
    term: int = TERM_SECONDS,
    retention: int = RETENTION_SECONDS,
    workload: Body | None = None,
    **changes: Any,  # noqa: ANN401
) -> Body:
    """Free, in seconds; `changes` are merged into the spec."""
    spec = {
        "price": {"amount": "0", "currency": "CNY"},
        "period": {"count": term, "unit": "Second"},
        "timeZone": "Asia/Shanghai",
        "retention": {"count": retention, "unit": "Second", "rounding": "Exact"},
        "parameters": [IMAGE],
        **({"workload": workload} if workload else {}),
    }
    return {"apiVersion": API_VERSION, "kind": "InstanceClass", "metadata": {"name": name}, "spec": merge_patch(spec, changes)}


def an_instance(namespace: str, name: str, of_class: str, **spec: Any) -> Body:  # noqa: ANN401
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": API_VERSION, "kind": "PrepaidInstance", "metadata": metadata, "spec": {"instanceClass": of_class, **spec}}


def a_service(namespace: str, name: str) -> Body:
    """A load balancer that selects the pods to which the resource of its name is attached."""
    spec = {"type": "LoadBalancer", "selector": {f"{ATTACH_PREFIX}{name}": "attached"}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def a_claim(namespace: str, name: str) -> Body:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def a_resource(namespace: str, name: str, elastic_type: str, target: str = "", account: str = "default") -> Body:
    """One with a Service or a claim behind it, by default of its own name."""
    kind = "PersistentVolumeClaim" if elastic_type == "CloudDisk" else "Service"
    reference = {"apiVersion": "v1", "kind": kind, "name": target or name}
    spec = {"type": elastic_type, "targetRef": reference, "account": account}
    return {"apiVersion": API_VERSION, "kind": "ElasticResource", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def an_account(namespace: str, name: str, deposited: str, **prices: str) -> Body:
    """With a price for each started second in which a resource of a type is idle."""
    tariff = [{"type": elastic_type, "amount": amount, "unit": "Second"} for elastic_type, amount in prices.items()]
    spec = {"currency": "CNY", "deposited": deposited, "idlePrices": tariff}
    return {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": {"name": name, "namespace": namespace}, "spec": spec}
