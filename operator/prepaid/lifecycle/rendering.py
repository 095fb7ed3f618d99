"""From a class's template to the workload of one instance: substituted, patched, labelled, and kept inside its namespace.

Pure text and structure; whether the cluster serves the kind is found out elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import DataTemplate, Ready, Workload
from prepaid.api.marks import CLASS, INSTANCE, INSTANCE_UID
from prepaid.api.reference import OBJECT_NAME_PATTERN
from prepaid.api.resource import GROUP
from prepaid.lifecycle.objects import Manifest, ObjectRef
from prepaid.lifecycle.template import BadTemplate, merge_patch, nested, object_at, substitute

ALLOWED_METADATA = frozenset({"name", "namespace", "labels", "annotations"})
LONGEST_NAME = 253
NAME: Final = re.compile(OBJECT_NAME_PATTERN.strip("^$"))
KEEP_CLAIMS = {"whenDeleted": "Retain", "whenScaled": "Retain"}


@dataclass(frozen=True)
class Rendering:
    """The workload while the term runs, the patch that stops it, the data to erase at termination, and when it counts as ready.

    `pod_template` is the dotted path at which disks and interfaces are rendered; empty where they are only recorded.
    """

    ref: ObjectRef
    manifest: Manifest
    stopped: Manifest
    data: tuple[ObjectRef, ...]
    ready: Ready | None
    pod_template: str = ""


def render(workload: Workload, instance: PrepaidInstance, values: Mapping[str, str]) -> Rendering:
    """Shapes a workload for an instance. Raises BadTemplate with a sentence for the author of the class."""
    namespace = instance.metadata.namespace
    check_head(workload.template)
    manifest = merge_patch(substitute(workload.template, values), checked_patch("running", substitute(workload.running, values)))
    stopped = checked_patch("stopped", substitute(workload.stopped, values))
    ref = placed(manifest, instance)
    check_data_is_kept(manifest)
    check_data_is_kept(merge_patch(manifest, stopped))
    if ref.kind == "StatefulSet":
        manifest = merge_patch(manifest, {"spec": {"persistentVolumeClaimRetentionPolicy": KEEP_CLAIMS}})
    return Rendering(
        ref=ref,
        manifest=labelled(with_place(manifest, ref), labels_of(instance), workload.pod_template),
        stopped=stopped,
        data=tuple(data_ref(template, namespace, values) for template in workload.data),
        ready=workload.ready,
        pod_template=workload.pod_template,
    )


def labels_of(instance: PrepaidInstance) -> dict[str, str]:
    """What everything made for an instance carries."""
    metadata = instance.metadata
    return {INSTANCE: metadata.name, INSTANCE_UID: metadata.uid, CLASS: instance.spec.instance_class}


def check_head(template: Manifest) -> None:
    """A kind is structure: it is never substituted, and never one of ours."""
    for field in ("apiVersion", "kind"):
        value = template.get(field)
        if not isinstance(value, str) or not value or "$(" in value:
            raise BadTemplate(
                f"workload.template.{field} must be a plain text such as {'apps/v1' if field == 'apiVersion' else 'StatefulSet'}."
            )
    if str(template["apiVersion"]).startswith(f"{GROUP}/"):
        raise BadTemplate(f"workload.template may not make objects of {GROUP}; name a workload such as a StatefulSet.")


def placed(manifest: Manifest, instance: PrepaidInstance) -> ObjectRef:
    """Where the workload lies: in the instance's namespace, under the template's name or the instance's."""
    metadata = manifest.get("metadata", {})
    if not isinstance(metadata, Mapping) or not set(metadata) <= ALLOWED_METADATA:
        raise BadTemplate(f"workload.template.metadata may hold only {', '.join(sorted(ALLOWED_METADATA))}.")
    own = instance.metadata
    if metadata.get("namespace", own.namespace) != own.namespace:
        raise BadTemplate("workload.template reaches outside its namespace; leave metadata.namespace out, or write $(namespace).")
    name = metadata.get("name", own.name)
    if not isinstance(name, str) or not is_name(name):
        raise BadTemplate(
            f"workload.template.metadata.name must be a text of 1 to {LONGEST_NAME} lower case letters, digits, '-', '.', such as $(name)."
        )
    return ObjectRef(str(manifest["apiVersion"]), str(manifest["kind"]), own.namespace, name)


def is_name(text: str) -> bool:
    """Whether an object can be called so: a name is one step of a path, and parameters may be part of it."""
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def data_ref(template: DataTemplate, namespace: str, values: Mapping[str, str]) -> ObjectRef:
    """One piece of data, in the instance's own namespace."""
    name = substitute(template.name, values)
    if not is_name(name):
        raise BadTemplate(f"workload.data names {name[:64]!r}, which no object can be called; write a name such as data-$(name)-0.")
    return ObjectRef(template.api_version, template.kind, namespace, name)


def check_data_is_kept(manifest: Manifest) -> None:
    """A workload may not own its data (api.md): what it takes along when it goes could not be kept in the bin."""
    spec = manifest.get("spec")
    if not isinstance(spec, Mapping):
        return
    if "dataVolumeTemplates" in spec:
        raise BadTemplate("dataVolumeTemplates would be erased with the workload; make the volume apart and list it in workload.data.")
    policy = spec.get("persistentVolumeClaimRetentionPolicy") or {}
    if not isinstance(policy, Mapping) or KEEP_CLAIMS | dict(policy) != KEEP_CLAIMS:
        raise BadTemplate("persistentVolumeClaimRetentionPolicy must be Retain/Retain, or the data would go with the workload.")


def checked_patch(field: str, patch: Manifest) -> Manifest:
    """A start or a stop is a patch of what the workload does, never of what or where it is."""
    if {"apiVersion", "kind", "metadata", "status"} & set(patch):
        raise BadTemplate(f"workload.{field} must be a patch of the workload's spec, such as {{spec: {{replicas: 1}}}}.")
    return patch


def with_place(manifest: Manifest, ref: ObjectRef) -> dict[str, Any]:
    return merge_patch(manifest, {"metadata": {"name": ref.name, "namespace": ref.namespace}})  # type: ignore[no-any-return]


def labelled(manifest: dict[str, Any], labels: Mapping[str, str], pod_template: str) -> dict[str, Any]:
    """Our labels on the workload, its selector, its pod template and its volumeClaimTemplates."""
    patch: dict[str, Any] = {"metadata": {"labels": labels}}
    spec = manifest.get("spec")
    if isinstance(spec, Mapping):
        patch["spec"] = spec_labels(spec, labels)
    labelled_manifest: dict[str, Any] = merge_patch(manifest, patch)
    if path := path_of_pods(manifest, pod_template):
        labelled_manifest = merge_patch(labelled_manifest, nested(path, {"metadata": {"labels": labels}}))
    return labelled_manifest


def path_of_pods(manifest: Manifest, named: str) -> str:
    """Where the pod template is: as the class says, else where a selector that asks for our labels needs it; empty for none."""
    if not named:
        return "spec.template" if has_selected_pods(manifest) else ""
    if object_at(manifest, named) is None:
        raise BadTemplate(
            f"workload.podTemplate is {named}, where the template has no object; name its pod template, such as spec.template."
        )
    return named


def has_selected_pods(manifest: Manifest) -> bool:
    return object_at(manifest, "spec.selector.matchLabels") is not None and object_at(manifest, "spec.template") is not None


def spec_labels(spec: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    patch: dict[str, Any] = {}
    selector = spec.get("selector")
    if isinstance(selector, Mapping) and "matchLabels" in selector:
        patch["selector"] = {"matchLabels": {INSTANCE: labels[INSTANCE], INSTANCE_UID: labels[INSTANCE_UID]}}
    claims = spec.get("volumeClaimTemplates")
    if isinstance(claims, list):
        patch["volumeClaimTemplates"] = [merge_patch(claim, {"metadata": {"labels": labels}}) for claim in claims]
    return patch
