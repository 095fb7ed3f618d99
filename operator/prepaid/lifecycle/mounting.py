"""How a cloud disk and a network interface are put into a pod template and taken out again: volumes, mounts, the Multus annotation.

Pure structure: a fitting tells what to render, whoever holds it. Taking out needs no class, the pod templates are found in the object.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from prepaid.lifecycle.networks import NETWORKS, network_names, networks_of, with_network, without_networks
from prepaid.lifecycle.objects import Manifest
from prepaid.lifecycle.template import merge_patch, nested, object_at

LONGEST_NAME: Final = 63


@dataclass(frozen=True)
class Fitting:
    """One attachment as a pod template has it: a claim to mount, or a network to join; by the name of its resource."""

    name: str
    claim: str = ""
    network: str = ""

    @property
    def volume(self) -> str:
        """A DNS label of its own, however long the resource's name is."""
        usual = f"attach-{self.name}"
        return usual if len(usual) <= LONGEST_NAME else f"attach-{hashlib.sha256(self.name.encode()).hexdigest()[:32]}"

    @property
    def path(self) -> str:
        """Where a disk is mounted (api.md, "ElasticResource")."""
        return f"/mnt/{self.name}"


def can_be_fitted(manifest: Manifest, path: str, fitting: Fitting) -> bool:
    """Whether there is a place for it: a container for a disk, a pod template for a network."""
    template = object_at(manifest, path) if path else None
    return template is not None and (not fitting.claim or bool(containers_of(template)))


def is_taken(manifest: Manifest, path: str, fitting: Fitting) -> bool:
    """Whether the class's own template has something in its place already."""
    template = object_at(manifest, path) or {}
    mounts = [mount for container in containers_of(template)[:1] for mount in container.get("volumeMounts") or []]
    is_mounted = any(mount.get("mountPath") == fitting.path for mount in mounts)
    return has_volume(template, fitting) or bool(fitting.claim and is_mounted) or has_network(template, fitting)


def fitted(manifest: Manifest, path: str, fittings: Sequence[Fitting]) -> Manifest:
    """The manifest with all that can be fitted in the pod template at the dotted path."""
    for fitting in fittings:
        if can_be_fitted(manifest, path, fitting):
            template = object_at(manifest, path)
            assert template is not None
            manifest = merge_patch(manifest, nested(path, addition(template, fitting)))
    return manifest


def addition(template: Manifest, fitting: Fitting) -> dict[str, Any]:
    if fitting.network:
        return {"metadata": {"annotations": {NETWORKS: with_network(networks_of(template), fitting.network)}}}
    volume = {"name": fitting.volume, "persistentVolumeClaim": {"claimName": fitting.claim}}
    first, *others = containers_of(template)
    mounted = {**first, "volumeMounts": [*(first.get("volumeMounts") or []), {"name": fitting.volume, "mountPath": fitting.path}]}
    return {"spec": {"volumes": [*volumes_of(template), volume], "containers": [mounted, *others]}}


def is_fitted(body: Manifest, fitting: Fitting) -> bool:
    """Whether any pod template of the object has it."""
    return any(has_volume(template, fitting) or has_network(template, fitting) for _, template in pod_templates(body, ""))


def without_fittings(body: Manifest, fittings: Sequence[Fitting]) -> dict[str, Any]:
    """The merge patch that takes them out of every pod template of the object; empty when none is in there."""
    patch: dict[str, Any] = {}
    for path, template in pod_templates(body, ""):
        found = [fitting for fitting in fittings if has_volume(template, fitting) or has_network(template, fitting)]
        if found:
            patch = joined(patch, nested(path, removal(template, found)))
    return patch


def joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Both merge patches in one; unlike applying one to the other it keeps what they remove."""
    both = {**one, **other}
    for name in one.keys() & other.keys():
        if isinstance(one[name], dict) and isinstance(other[name], dict):
            both[name] = joined(one[name], other[name])
    return both


def removal(template: Manifest, fittings: Sequence[Fitting]) -> dict[str, Any]:
    """Lists are replaced whole; a container keeps all of its own."""
    patch: dict[str, Any] = {}
    volumes = {fitting.volume for fitting in fittings if has_volume(template, fitting)}
    if volumes:
        left = [volume for volume in volumes_of(template) if volume["name"] not in volumes]
        patch["spec"] = {"volumes": left or None, "containers": [unmounted(one, volumes) for one in containers_of(template)]}
    if networks := {fitting.network for fitting in fittings if has_network(template, fitting)}:
        patch["metadata"] = {"annotations": {NETWORKS: without_networks(networks_of(template), networks)}}
    return patch


def unmounted(container: Manifest, volumes: set[str]) -> dict[str, Any]:
    mounts = container.get("volumeMounts")
    if mounts is None:
        return dict(container)
    return {**container, "volumeMounts": [mount for mount in mounts if mount["name"] not in volumes]}


def pod_templates(node: object, path: str) -> Iterator[tuple[str, Manifest]]:
    """Every mapping in an object that describes pods, with its dotted path; not the object itself, which may be a pod."""
    if not isinstance(node, Mapping):
        return
    if path and is_pod_template(node):
        yield path, node
        return
    for name, below in node.items():
        yield from pod_templates(below, f"{path}.{name}" if path else str(name))


def is_pod_template(node: Manifest) -> bool:
    spec = node.get("spec")
    return isinstance(spec, Mapping) and isinstance(spec.get("containers"), list)


def has_volume(template: Manifest, fitting: Fitting) -> bool:
    return any(volume.get("name") == fitting.volume for volume in volumes_of(template))


def has_network(template: Manifest, fitting: Fitting) -> bool:
    return bool(fitting.network) and fitting.network in network_names(networks_of(template))


def volumes_of(template: Manifest) -> list[dict[str, Any]]:
    return list((template.get("spec") or {}).get("volumes") or [])


def containers_of(template: Manifest) -> list[dict[str, Any]]:
    return list((template.get("spec") or {}).get("containers") or [])
