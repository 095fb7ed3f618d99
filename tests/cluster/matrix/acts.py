"""What is tried, and who may: one row for each act. `may` has the signs of those whose try is accepted (cast.py)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from cluster.matrix import props
from cluster.matrix.cast import HOME
from prepaid.api.resource import API_VERSION

Body = dict[str, Any]
JSON, MERGE = "application/json", "application/merge-patch+json"
READERS, WRITERS = "twxvcpgmonk", "twpgmo"
OWN_KIND: Final = f"/apis/{API_VERSION}"
MINE: Final[Body] = {"metadata": {"labels": {"mine": "yes"}}}
UNLABELLED: Final[Body] = {"metadata": {"labels": None}}
PLURALS: Final = {
    "InstanceClass": "instanceclasses",
    "PrepaidInstance": "prepaidinstances",
    "RecycleBinItem": "recyclebinitems",
    "RenewalOrder": "renewalorders",
    "PrepaidAccount": "prepaidaccounts",
    "ElasticResource": "elasticresources",
}


@dataclass(frozen=True)
class Act:
    """One request, as a dry run where it writes. `what` is the kind or subresource, `phase` says which one of them."""

    what: str
    phase: str
    verb: str
    may: str
    method: str
    path: str
    body: Body = field(default_factory=dict)
    content_type: str = JSON
    query: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.verb} {self.what} {self.phase}".strip()

    @property
    def url(self) -> str:
        dry = {} if self.method == "GET" else {"dryRun": "All"}
        return f"{self.path}?{urlencode({**self.query, **dry})}"


def collection(kind: str) -> str:
    return f"{OWN_KIND}/{PLURALS[kind]}" if kind == "InstanceClass" else f"{OWN_KIND}/namespaces/{HOME}/{PLURALS[kind]}"


def merge(what: str, phase: str, verb: str, may: str, path: str, changes: Body) -> Act:
    return Act(what, phase, verb, may, "PATCH", path, changes, MERGE)


def replace(what: str, phase: str, may: str, path: str, labels: Body) -> Act:
    """A PUT of what is there, with other labels."""
    return Act(what, phase, "update", may, "PUT", path, {"metadata": {"labels": labels}})


def delete_all(what: str, phase: str, may: str, path: str, name: str) -> Act:
    return Act(what, phase, "deletecollection", may, "DELETE", path, query={"fieldSelector": f"metadata.name={name}"})


def delete(what: str, phase: str, may: str, path: str) -> Act:
    return Act(what, phase, "delete", may, "DELETE", path)


def readings() -> Iterator[Act]:
    """Whoever has a role at all may look."""
    names = {
        "InstanceClass": "matrix-used",
        "PrepaidInstance": "running",
        "RecycleBinItem": "recycled",
        "RenewalOrder": "settled",
        "PrepaidAccount": "used",
        "ElasticResource": "held",
    }
    for kind, name in names.items():
        may = "".join(sign for sign in READERS if sign not in out_of_reach(kind))
        yield Act(kind, "", "get", may, "GET", f"{collection(kind)}/{name}")
        yield Act(kind, "", "list", may, "GET", collection(kind))
        yield Act(kind, "", "watch", may, "GET", collection(kind), query={"watch": "true", "timeoutSeconds": "1"})


def out_of_reach(kind: str) -> str:
    """Whose role does not show this kind: the cashier sees what money is about, a role in a namespace no classes."""
    if kind == "InstanceClass":
        return "cw"
    return "x" if kind in ("RenewalOrder", "PrepaidAccount", "ElasticResource") else "cx"


def of_instances() -> Iterator[Act]:
    """P1 and P7, by phase. `k` and `o` have no right to delete collections."""
    home, deletable = collection("PrepaidInstance"), {"unbought": "twpgmonk", "terminated": "twpgmonk", "signed": "pon"}
    yield Act("PrepaidInstance", "", "create", "tpgmo", "POST", home, props.instance("new"))
    yield Act("PrepaidInstance", "with a finalizer", "create", "o", "POST", home, props.instance("new", finalizers=["x.test/y"]))
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "boss", "uid": "uid-of-boss"}
    yield Act("PrepaidInstance", "with an owner", "create", "o", "POST", home, props.instance("new", ownerReferences=[owner]))
    for name in props.INSTANCES:
        path = f"{home}/{name}"
        yield merge("PrepaidInstance", name, "patch spec", "twpgmok", path, {"spec": {"purchasedPeriods": 2}})
        yield merge("PrepaidInstance", name, "patch labels", "twpgmok", path, MINE)
        yield replace("PrepaidInstance", name, "twpgmok", path, {"phase": name})
        yield replace("PrepaidInstance/status", name, "o", f"{path}/status", {"phase": name})
        yield merge("PrepaidInstance/status", name, "patch", "o", f"{path}/status", {"status": {"periods": 9}})
        yield delete("PrepaidInstance", name, deletable.get(name, "on"), path)
        chosen = {"labelSelector": f"phase={name}"}
        may = deletable.get(name, "on").replace("k", "").replace("o", "")
        yield Act("PrepaidInstance", name, "deletecollection", may, "DELETE", home, query=chosen)
    running = f"{home}/running"
    yield merge("PrepaidInstance", "running", "add a finalizer", "o", running, {"metadata": {"finalizers": ["x.test/y"]}})
    yield merge("PrepaidInstance", "running", "add an owner", "o", running, {"metadata": {"ownerReferences": [owner]}})
    yield merge("PrepaidInstance", "signed", "lose annotations", "twpgmok", f"{home}/signed", {"metadata": {"annotations": None}})
    yield merge("PrepaidInstance", "running", "sign for the platform admin", "po", running, signed(props.SIGNATURE))
    yield merge("PrepaidInstance", "running", "sign without a reason", "o", running, signed("platform: "))


def signed(words: str) -> Body:
    return {"metadata": {"annotations": {"prepaid.dev/break-glass": words}}}


def of_items() -> Iterator[Act]:
    """The owner's word, and nothing else."""
    home = collection("RecycleBinItem")
    yield Act("RecycleBinItem", "", "create", "o", "POST", home, props.item("new"))
    for name in ("recycled", "terminating"):
        path = f"{home}/{name}"
        may = WRITERS + "k" if name == "recycled" else ""
        yield merge("RecycleBinItem", name, "say Recover", may, path, {"spec": {"disposition": "Recover"}})
        yield merge("RecycleBinItem", name, "point elsewhere", "", path, {"spec": {"instanceRef": {"name": name, "uid": "another"}}})
        yield replace("RecycleBinItem", name, WRITERS + "k", path, {})
        yield replace("RecycleBinItem/status", name, "o", f"{path}/status", {})
        yield merge("RecycleBinItem/status", name, "patch", "o", f"{path}/status", {"status": {"phase": "Terminated"}})
        yield delete("RecycleBinItem", name, "onk", path)
        yield delete_all("RecycleBinItem", name, "n", home, name)
    yield merge("RecycleBinItem", "recycled", "add a finalizer", "o", f"{home}/recycled", {"metadata": {"finalizers": ["x.test/y"]}})


def of_orders() -> Iterator[Act]:
    """The ledger."""
    home = collection("RenewalOrder")
    yield Act("RenewalOrder", "", "create", WRITERS, "POST", home, props.order("new"))
    yield Act("RenewalOrder", "of the operator's", "create", "o", "POST", home, props.order("new", source="Initial"))
    for name in ("waiting", "settled", "rejected"):
        path, may = f"{home}/{name}", "on" if name == "settled" else "twpgmonk"
        yield merge("RenewalOrder", name, "patch spec", "", path, {"spec": {"periods": 9}})
        yield merge("RenewalOrder", name, "patch labels", WRITERS + "k", path, MINE)
        yield merge("RenewalOrder", name, "say that it ended", "o", path, {"metadata": {"annotations": {"prepaid.dev/ended": "Settled"}}})
        yield replace("RenewalOrder", name, WRITERS + "k", path, {})
        yield replace("RenewalOrder/status", name, "o", f"{path}/status", {})
        yield merge("RenewalOrder/status", name, "patch", "o", f"{path}/status", {"status": {"phase": "Settled", "amount": "0"}})
        yield delete("RenewalOrder", name, may, path)
        yield delete_all("RenewalOrder", name, may.replace("k", "").replace("o", ""), home, name)


def of_accounts() -> Iterator[Act]:
    """Money is a cashier's word. An almighty role has every verb, also `deposit`: SECURITY.md says so."""
    home = collection("PrepaidAccount")
    yield Act("PrepaidAccount", "", "create", "cpgmo", "POST", home, props.account("new"))
    for name in ("used", "free"):
        path, may = f"{home}/{name}", "on" if name == "used" else "wcpgmonk"
        yield merge("PrepaidAccount", name, "pay in", "cpgmo", path, {"spec": {"deposited": "20.00"}})
        prices = [{"type": "ElasticIP", "amount": "1.00", "unit": "Hour"}]
        yield merge("PrepaidAccount", name, "set the tariff", "cpgmo", path, {"spec": {"idlePrices": prices}})
        yield merge("PrepaidAccount", name, "patch labels", "wcpgmok", path, MINE)
        yield replace("PrepaidAccount", name, "wcpgmok", path, {})
        yield replace("PrepaidAccount/status", name, "o", f"{path}/status", {})
        yield delete_all("PrepaidAccount", name, may.replace("c", "").replace("k", "").replace("o", ""), home, name)
        yield merge("PrepaidAccount/status", name, "patch", "o", f"{path}/status", {"status": {"charged": "0"}})
        yield delete("PrepaidAccount", name, may, path)


def of_classes() -> Iterator[Act]:
    home = collection("InstanceClass")
    yield Act("InstanceClass", "", "create", "pgmo", "POST", home, props.instance_class("matrix-new"))
    for name, may in (("matrix-used", "o"), ("matrix-free", "pgmonk")):
        phase, path = name.removeprefix("matrix-"), f"{home}/{name}"
        yield merge("InstanceClass", phase, "patch spec", "pgmok", path, {"spec": {"price": {"amount": "2.00", "currency": "CNY"}}})
        yield merge("InstanceClass", phase, "add a finalizer", "o", path, {"metadata": {"finalizers": ["x.test/y"]}})
        yield replace("InstanceClass", phase, "pgmok", path, {})
        yield replace("InstanceClass/status", phase, "o", f"{path}/status", {})
        yield delete_all("InstanceClass", phase, may.replace("k", "").replace("o", ""), home, name)
        yield merge("InstanceClass/status", phase, "patch", "o", f"{path}/status", {"status": {"conditions": []}})
        yield delete("InstanceClass", phase, may, path)


def of_elastic_resources() -> Iterator[Act]:
    home = collection("ElasticResource")
    yield Act("ElasticResource", "", "create", WRITERS, "POST", home, props.elastic("new"))
    for name, may in (("held", "on"), ("idle", "twpgmonk")):
        path = f"{home}/{name}"
        yield merge("ElasticResource", name, "patch spec", WRITERS + "k", path, {"spec": {"account": "used"}})
        yield replace("ElasticResource", name, WRITERS + "k", path, {})
        yield replace("ElasticResource/status", name, "o", f"{path}/status", {})
        yield delete_all("ElasticResource", name, may.replace("k", "").replace("o", ""), home, name)
        yield merge("ElasticResource/status", name, "patch", "o", f"{path}/status", {"status": {"idleCharged": "0"}})
        yield delete("ElasticResource", name, may, path)


def of_workloads() -> Iterator[Act]:
    """What backs an instance is the operator's; pods are the work of controllers."""
    sets, core = f"/apis/apps/v1/namespaces/{HOME}/statefulsets", f"/api/v1/namespaces/{HOME}"
    workload, claim, pod = f"{sets}/running", f"{core}/persistentvolumeclaims/data-running-0", f"{core}/pods/backing"
    yield merge("StatefulSet", "of an instance", "patch spec", "ok", workload, {"spec": {"replicas": 4}})
    yield merge("StatefulSet", "of an instance", "take our label off", "ok", workload, {"metadata": {"labels": None}})
    yield replace("StatefulSet", "of an instance", "k", workload, {})
    yield delete_all("StatefulSet", "of an instance", "n", sets, "running")
    yield merge("StatefulSet/status", "of an instance", "take our label off", "k", f"{workload}/status", UNLABELLED)
    yield merge("StatefulSet/scale", "of an instance", "patch", "", f"{workload}/scale", {"spec": {"replicas": 4}})
    yield delete("StatefulSet", "of an instance", "onk", workload)
    yield Act("StatefulSet", "with our labels", "create", "o", "POST", sets, props.stateful_set("forged"))
    yield merge("PersistentVolumeClaim", "of an instance", "patch labels", "ok", claim, MINE)
    yield merge("PersistentVolumeClaim", "of an instance", "take our label off", "ok", claim, {"metadata": {"labels": None}})
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "boss", "uid": "uid-of-boss"}
    yield merge("PersistentVolumeClaim", "of an instance", "add an owner", "o", claim, {"metadata": {"ownerReferences": [owner]}})
    yield delete("PersistentVolumeClaim", "of an instance", "o", claim)
    yield replace("PersistentVolumeClaim", "of an instance", "ks", claim, {})
    yield delete_all("PersistentVolumeClaim", "of an instance", "", f"{core}/persistentvolumeclaims", "data-running-0")
    yield merge("PersistentVolumeClaim/status", "of an instance", "take our label off", "k", f"{claim}/status", UNLABELLED)
    yield delete("Pod", "of an instance", "onksd", pod)
    yield delete_all("Pod", "of an instance", "n", f"{core}/pods", "backing")
    yield merge("Pod/status", "of an instance", "take our label off", "kd", f"{pod}/status", UNLABELLED)
    yield merge("Pod/resize", "of an instance", "patch", "k", f"{pod}/resize", MINE)
    yield merge(
        "Pod/ephemeralcontainers", "of an instance", "patch", "k", f"{pod}/ephemeralcontainers", {"spec": {"ephemeralContainers": []}}
    )
    yield Act("Pod/eviction", "of an instance", "create", "tgm", "POST", f"{pod}/eviction", eviction("backing"))
    yield merge("Pod", "nobody's", "put an attach label on", "oksd", f"{core}/pods/own", attach_label())
    yield merge("Pod/status", "nobody's", "put an attach label on", "kd", f"{core}/pods/own/status", attach_label())
    mounting = props.pod("mounting", {"app": "own"}, "data-running-0")
    yield Act("Pod", "that mounts an instance's claim", "create", "", "POST", f"{core}/pods", mounting)
    yield Act("Pod", "with our labels", "create", "s", "POST", f"{core}/pods", props.pod("forged", props.LABELS))
    yield Act("Pod", "nobody's", "create", "tgms", "POST", f"{core}/pods", props.pod("free", {"app": "free"}))


def attach_label() -> Body:
    return {"metadata": {"labels": {"attach.prepaid.dev/eip-1": "attached"}}}


def eviction(name: str) -> Body:
    """A pod may go: its workload makes it anew, and a node is drained that way."""
    return {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": HOME}}


def of_the_cluster() -> Iterator[Act]:
    """A namespace takes everything in it along, a CRD everything of its kind."""
    used, free = f"/api/v1/namespaces/{HOME}", f"/api/v1/namespaces/{HOME}-free"
    yield delete("Namespace", "with living instances", "", used)
    yield delete("Namespace", "without", "gmnk", free)
    yield merge(
        "Namespace", "with living instances", "take the mark off", "o", used, {"metadata": {"labels": {"prepaid.dev/in-use": None}}}
    )
    mark_off = {"metadata": {"labels": {"prepaid.dev/in-use": None}}}
    yield merge("Namespace/status", "with living instances", "take the mark off", "", f"{used}/status", mark_off)
    yield replace("Namespace/finalize", "with living instances", "", f"{used}/finalize", {})
    crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    yield delete("CustomResourceDefinition", "of ours", "", f"{crds}/prepaidinstances.prepaid.dev")


def all_acts() -> list[Act]:
    """Every row, in the order of the table."""
    families = (
        readings,
        of_instances,
        of_items,
        of_orders,
        of_accounts,
        of_classes,
        of_elastic_resources,
        of_workloads,
        of_the_cluster,
    )
    return [act for family in families for act in family()]
