"""More stories for test_attachments.py: networks, and a class that keeps what is attached in the Recycle Bin."""

from dataclasses import dataclass
from typing import Final

from cluster.apiserver import CRDS, INSTANCES, PODS, RESOURCES, STATEFUL_SETS, Body, Kind, Refusal
from cluster.attachings import IN_BIN_FOR_LONG, Shelf, attach, until_attached
from cluster.scenes import Scene
from cluster.waiting import wait_for
from cluster.wares import a_class, stateful_workload
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.marks import ATTACH_PREFIX
from prepaid.api.resource import API_VERSION

KEEPING: Final = "attached-and-kept"
KEEPING_CLASS: Final = a_class(KEEPING, term=25, retention=600, workload=stateful_workload(), detachPolicy="Retain")
POLICIES: Final = Kind("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy")
MULTUS: Final = Kind("k8s.cni.cncf.io/v1", "network-attachment-definitions", "NetworkAttachmentDefinition")
NETWORKS: Final = "k8s.v1.cni.cncf.io/networks"


@dataclass(frozen=True)
class Networked:
    label: str | None
    networks: str | None
    label_in_bin: str | None
    networks_in_bin: str | None
    idle: tuple[ElasticResource, ...]


def networked(scene: Scene) -> Networked:
    """A network link and a second network interface, until it is recycled."""
    install_multus(scene)
    add_network(scene, "link", POLICIES, "NetworkLink", {"podSelector": {"matchLabels": {f"{ATTACH_PREFIX}link": "attached"}}})
    add_network(scene, "fast", MULTUS, "NetworkInterface", {"config": "{}"})
    life = scene.buy("networked", IN_BIN_FOR_LONG, attachments=[{"name": "link"}, {"name": "fast"}])
    until_attached(life, "link", "fast")
    wait_for("its pod is in both", lambda: link_of(life.find(PODS, "networked-0")) and networks_of(life.find(PODS, "networked-0")))
    pod = life.need(PODS, "networked-0")
    life.until_phase(Phase.RECYCLED)
    shelf = Shelf(scene)
    idle = (shelf.until_idle("link"), shelf.until_idle("fast"))
    template = life.need(STATEFUL_SETS)["spec"]["template"]
    return Networked(link_of(pod), networks_of(pod), link_of(template), networks_of(template), idle)


def install_multus(scene: Scene) -> None:
    """The kind alone: nothing here has a second interface."""
    names = {"plural": MULTUS.plural, "kind": MULTUS.kind, "singular": "network-attachment-definition"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    spec = {
        "group": "k8s.cni.cncf.io",
        "scope": "Namespaced",
        "names": names,
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
    }
    metadata = {"name": f"{MULTUS.plural}.k8s.cni.cncf.io"}
    scene.admin.create({"apiVersion": CRDS.api, "kind": CRDS.kind, "metadata": metadata, "spec": spec})
    wait_for("it is served", lambda: is_served(scene, MULTUS))


def is_served(scene: Scene, kind: Kind) -> bool:
    """A path that is not served answers in plain words."""
    try:
        scene.admin.list(kind, scene.namespace)
    except (Refusal, ValueError):
        return False
    return True


def add_network(scene: Scene, name: str, kind: Kind, elastic_type: str, spec: Body) -> None:
    """A resource and its target."""
    target = {"apiVersion": kind.api, "kind": kind.kind, "metadata": {"name": name}, "spec": spec}
    scene.admin.call("POST", kind.path(scene.namespace), target)
    reference = {"apiVersion": kind.api, "kind": kind.kind, "name": name}
    body = {"apiVersion": API_VERSION, "kind": "ElasticResource", "metadata": {"name": name}}
    scene.owner.call("POST", RESOURCES.path(scene.namespace), {**body, "spec": {"type": elastic_type, "targetRef": reference}})


def link_of(pod: Body | None) -> str | None:
    labels: dict[str, str] = (pod or {}).get("metadata", {}).get("labels", {})
    return labels.get(f"{ATTACH_PREFIX}link")


def networks_of(pod: Body | None) -> str | None:
    annotations: dict[str, str] = (pod or {}).get("metadata", {}).get("annotations", {})
    return annotations.get(NETWORKS)


@dataclass(frozen=True)
class Kept:
    in_bin: InstanceStatus
    references: list[Body]
    holders: list[str]
    addresses_in_bin: list[str]
    recovered: InstanceStatus
    addresses: list[str]
    at_the_end: ElasticResource


def kept(scene: Scene) -> Kept:
    """A class with detachPolicy Retain: attached through the bin, to its recovery; off when its owner says so."""
    shelf = Shelf(scene)
    shelf.add("kept", "LoadBalancer")
    life = scene.buy("keeper", KEEPING, attachments=[{"name": "kept"}])
    until_attached(life, "kept")
    in_bin = life.until_phase(Phase.RECYCLED)
    addresses_in_bin = shelf.until_addresses("kept", 0)
    holders = [holder.name for holder in shelf.need("kept").status.attached_to]
    references = life.need(INSTANCES)["spec"]["attachments"]
    life.set(purchasedPeriods=100)
    recovered = until_attached(life, "kept")
    addresses = shelf.until_addresses("kept", 1)
    attach(life)
    return Kept(in_bin, references, holders, addresses_in_bin, recovered, addresses, shelf.until_idle("kept"))
