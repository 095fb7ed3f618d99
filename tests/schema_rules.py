"""Every CEL rule of every schema with what it lets pass and what it refuses, side by side.

A write is an object to make, or a change of one that the cluster has: a specimen of each kind, and a bin item behind the door.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.crd import root_schema
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource
from prepaid.api.schema import RULES
from specimens import specimen

CLOSING = "closing"
"""The name of a bin item whose status.phase is Terminating."""
CLOSED = "closed"
"""The name of one whose status.phase is Terminated."""

Change = Mapping[str, Any]


@dataclass(frozen=True)
class Write:
    """Make a specimen with this merged in or, `on` an object that exists, merge it in there; `part` may be the status."""

    what: str
    change: Change
    on: str = ""
    part: str = ""


@dataclass(frozen=True)
class RuleCase:
    """A rule, known by its place and the words of its message, and writes that meet it."""

    kind: type[Resource]
    field: str
    words: str
    accepted: tuple[Write, ...]
    refused: tuple[Write, ...]


def named(what: str, name: str) -> Write:
    return Write(what, {"metadata": {"name": name}})


def made(what: str, **spec: object) -> Write:
    return Write(what, {"spec": spec})


def edited(what: str, on: str = "specimen", **spec: object) -> Write:
    return Write(what, {"spec": spec}, on)


def stated(what: str, status: Change) -> Write:
    return Write(what, {"status": status}, "specimen", "status")


def name_rule(kind: type[Resource], length: int) -> RuleCase:
    return RuleCase(
        kind,
        "",
        f"at most {length} lower case letters",
        (named(f"a name of {length} characters", "a" * length), named("a name that starts with a digit", "1-a")),
        (named(f"a name of {length + 1} characters", "a" * (length + 1)), named("a name with a dot", "a.b")),
    )


def retention_rule(kind: type[Resource], *path: str) -> RuleCase:
    """Working days are counted in days, wherever a retention is."""

    def write(what: str, day_type: str, unit: str) -> Write:
        change: Change = {**inside(specimen(kind), path), "dayType": day_type, "unit": unit}
        for step in reversed(path[1:]):
            change = {step: change}
        whole = merged(specimen(kind)[path[0]], change)
        return stated(what, whole) if path[0] == "status" else made(what, **whole)

    return RuleCase(
        kind,
        ".".join(path),
        "Working days are counted in days",
        (write("seven working days", "Working", "Day"), write("seven calendar hours", "Calendar", "Hour")),
        (write("seven working hours", "Working", "Hour"), write("seven working weeks", "Working", "Week")),
    )


def inside(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    for step in path:
        value = value[step]
    return value


def merged(old: Change, new: Change) -> dict[str, Any]:
    """RFC 7396: what is null goes."""
    both = {
        name: merged(old[name], value) for name, value in new.items() if isinstance(value, Mapping) and isinstance(old.get(name), Mapping)
    }
    return {name: value for name, value in {**old, **new, **both}.items() if value is not None}


def frozen(kind: type[Resource], field: str, value: object, unchanged: Write) -> RuleCase:
    """spec.<field> keeps what it was made with."""
    same = Write(f"the same {field} again", {"spec": {field: specimen(kind)["spec"][field]}}, "specimen")
    other = Write(f"another {field}", {"spec": {field: value}}, "specimen")
    return RuleCase(kind, f"spec.{field}", f"spec.{field} cannot be changed", (same, unchanged), (other,))


def target(kind: str, api_version: str = "v1") -> dict[str, str]:
    return {"apiVersion": api_version, "kind": kind, "name": "target"}


KEPT_ITEM = edited("another disposition", disposition="Recover")
NETWORK_LINK_TARGET = target("NetworkPolicy", "networking.k8s.io/v1")
INTERFACE_TARGET = target("NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1")

RULE_CASES = (
    name_rule(InstanceClass, 63),
    name_rule(PrepaidInstance, 52),
    name_rule(ElasticResource, 63),
    retention_rule(InstanceClass, "spec", "retention"),
    retention_rule(PrepaidInstance, "status", "terms", "retention"),
    retention_rule(PrepaidInstance, "status", "intent", "terms", "retention"),
    retention_rule(RenewalOrder, "status", "terms", "retention"),
    frozen(PrepaidInstance, "instanceClass", "large", edited("a renewal", purchasedPeriods=3)),
    RuleCase(
        PrepaidInstance,
        "spec.parameters",
        "plain value",
        (made("a dollar sign in a parameter", parameters={"image": "$HOME/(a)"}),),
        (
            made("a reference in a parameter", parameters={"image": "a-$(name)"}),
            made("an open reference in a parameter", parameters={"image": "$("}),
        ),
    ),
    RuleCase(
        PrepaidInstance,
        "spec.parameters",
        "The name of a parameter",
        (
            made("a parameter's name of 63 characters", parameters={"a" * 63: "1"}),
            made("a parameter Disk_size-2", parameters={"Disk_size-2": "1"}),
        ),
        (
            made("a parameter's name of 64 characters", parameters={"a" * 64: "1"}),
            made("a parameter that starts with a digit", parameters={"1a": "1"}),
            made("a parameter with a dot in its name", parameters={"a.b": "1"}),
            made("a parameter without a name", parameters={"": "1"}),
        ),
    ),
    RuleCase(
        RecycleBinItem,
        "",
        "an item is named as its instance",
        (named("the name of the instance", "specimen"),),
        (named("a name that is not the instance's", "another"),),
    ),
    RuleCase(
        RecycleBinItem,
        "",
        "spec.confirm must be the instance's name",
        (
            edited("Terminate with the name", disposition="Terminate", confirm="specimen"),
            edited("no Terminate and no name", disposition="Retain", confirm=""),
            edited("Recover without the name", disposition="Recover", confirm=""),
        ),
        (
            edited("Terminate without a name", disposition="Terminate", confirm=None),
            edited("Terminate with an empty name", disposition="Terminate", confirm=""),
            edited("Terminate with another name", disposition="Terminate", confirm="another"),
            edited("Terminate with the name in capitals", disposition="Terminate", confirm="SPECIMEN"),
        ),
    ),
    RuleCase(
        RecycleBinItem,
        "",
        "spec.disposition cannot be changed any more",
        (
            KEPT_ITEM,
            edited("the same disposition behind the door", CLOSING, disposition="Retain"),
            edited("another number of periods behind the door", CLOSING, periods=2),
        ),
        (
            edited("Recover behind the door", CLOSING, disposition="Recover"),
            edited("Terminate behind the door", CLOSING, disposition="Terminate", confirm=CLOSING),
            edited("Recover of what is terminated", CLOSED, disposition="Recover"),
        ),
    ),
    frozen(RecycleBinItem, "instanceRef", {"stay": 2}, KEPT_ITEM),
    frozen(RecycleBinItem, "recycleTime", "2026-11-23T03:00:01Z", KEPT_ITEM),
    frozen(RecycleBinItem, "releaseTime", "2026-11-30T16:00:00Z", KEPT_ITEM),
    frozen(RecycleBinItem, "reason", "Other", KEPT_ITEM),
    frozen(RecycleBinItem, "detachedAttachments", [], KEPT_ITEM),
    RuleCase(
        RenewalOrder,
        "spec",
        "spec cannot be changed",
        (edited("the same periods again", periods=1), Write("a label", {"metadata": {"labels": {"a": "b"}}}, "specimen")),
        (
            edited("more periods", periods=2),
            edited("another limit", maxAmount="1000"),
            edited("no limit", maxAmount=None),
            edited("another instance", instanceRef={"name": "web-2"}),
        ),
    ),
    RuleCase(
        RenewalOrder,
        "spec",
        "spec.requestedPeriods goes with spec.source PurchasedPeriods",
        (
            made("PurchasedPeriods with a total", source="PurchasedPeriods", requestedPeriods=2),
            *(
                made(f"{source} without a total", source=source, requestedPeriods=None)
                for source in ("Owner", "Initial", "AutoRenew", "Recover")
            ),
        ),
        (
            made("PurchasedPeriods without a total", source="PurchasedPeriods", requestedPeriods=None),
            made("Owner with a total", source="Owner", requestedPeriods=2),
            made("no source with a total", source=None, requestedPeriods=2),
        ),
    ),
    frozen(ElasticResource, "type", "LoadBalancer", edited("another account", account="other")),
    frozen(ElasticResource, "targetRef", {"name": "ip-2"}, edited("another account", account="other")),
    RuleCase(
        ElasticResource,
        "spec",
        "spec.targetRef must fit spec.type",
        (
            made("a Service as a LoadBalancer", type="LoadBalancer", targetRef=target("Service")),
            made("a Service as an ElasticIP", type="ElasticIP", targetRef=target("Service")),
            made("a claim as a CloudDisk", type="CloudDisk", targetRef=target("PersistentVolumeClaim")),
            made("an attachment definition as a NetworkInterface", type="NetworkInterface", targetRef=INTERFACE_TARGET),
            made("a NetworkPolicy as a NetworkLink", type="NetworkLink", targetRef=NETWORK_LINK_TARGET),
        ),
        (
            made("a Service as a CloudDisk", type="CloudDisk", targetRef=target("Service")),
            made("a claim as an ElasticIP", type="ElasticIP", targetRef=target("PersistentVolumeClaim")),
            made(
                "a Service of another group as a LoadBalancer", type="LoadBalancer", targetRef=target("Service", "serving.knative.dev/v1")
            ),
            made("a Secret as a NetworkLink", type="NetworkLink", targetRef=target("Secret")),
            made("a NetworkPolicy as a NetworkInterface", type="NetworkInterface", targetRef=NETWORK_LINK_TARGET),
        ),
    ),
)


def rules(kind: type[Resource]) -> Iterator[tuple[str, str]]:
    """Each rule of a kind's schema: its place ("" is the whole object) and its message."""
    yield from rules_below(root_schema(kind), "")


def rules_below(schema: Mapping[str, Any], field: str) -> Iterator[tuple[str, str]]:
    yield from ((field, rule["message"]) for rule in schema.get(RULES, ()))
    for name, below in schema.get("properties", {}).items():
        yield from rules_below(below, f"{field}.{name}".removeprefix("."))
    for entry in ("items", "additionalProperties"):
        if entry in schema:
            yield from rules_below(schema[entry], f"{field}[*]")
