"""The workload that a class makes for an instance: labelled, inside its namespace, never the owner of its data (api.md)."""

from typing import Any

import pytest

from builders import LABELS, Changes, instance, instance_class, workload
from prepaid.api.instance_class import DataTemplate, Workload
from prepaid.lifecycle.objects import LiveObject, ObjectRef
from prepaid.lifecycle.offer import substitutions
from prepaid.lifecycle.rendering import Rendering, render
from prepaid.lifecycle.template import BadTemplate, merge_patch

WEB = instance()
VALUES = substitutions(WEB, {"image": "nginx:1.29"})
SELECTOR = {name: value for name, value in LABELS.items() if name != "prepaid.dev/class"}


def rendered(**changes: object) -> Rendering:
    return render(workload(**changes), WEB, VALUES)


def templated(patch: Changes, **changes: object) -> Workload:
    """The usual workload with its template patched."""
    return workload(template=merge_patch(workload().template, patch), **changes)


def at(path: str, **changes: object) -> object:
    return LiveObject.parse(rendered(**changes).manifest).at(path)


def test_the_usual_one_is_where_and_what_it_should_be() -> None:
    made = rendered()
    assert (made.ref, made.stopped, made.data) == (
        ObjectRef("apps/v1", "StatefulSet", "team-a", "web-1"),
        {"spec": {"replicas": 0}},
        (ObjectRef("v1", "PersistentVolumeClaim", "team-a", "data-web-1-0"),),
    )


def test_the_start_patch_is_applied() -> None:
    assert at("spec.replicas") == 1


def test_without_a_name_it_is_named_as_the_instance() -> None:
    assert render(templated({"metadata": None}), WEB, VALUES).ref.name == "web-1"


def test_it_lies_in_the_namespace_of_the_instance() -> None:
    assert at("metadata.namespace") == "team-a"


class TestLabels:
    """On everything that is made for an instance."""

    def test_on_the_workload(self) -> None:
        assert at("metadata.labels") == LABELS

    def test_on_its_pod_template_beside_its_own(self) -> None:
        assert at("spec.template.metadata.labels") == {"app": "web-1", **LABELS}

    def test_in_its_selector_without_the_class(self) -> None:
        assert at("spec.selector.matchLabels") == {"app": "web-1", **SELECTOR}

    def test_on_its_claim_templates(self) -> None:
        assert at("spec.volumeClaimTemplates") == [{"metadata": {"name": "data", "labels": LABELS}}]

    def test_a_template_cannot_speak_for_another_instance(self) -> None:
        forged = templated({"metadata": {"labels": {"prepaid.dev/instance-uid": "another", "team": "a"}}})
        labels = render(forged, WEB, VALUES).manifest["metadata"]["labels"]
        assert labels == {"team": "a", **LABELS}

    def test_pods_carry_what_the_selector_asks_for_also_without_a_pod_template_of_its_own(self) -> None:
        made = LiveObject.parse(rendered(pod_template="").manifest)
        selector, labels = made.at("spec.selector.matchLabels"), made.at("spec.template.metadata.labels")
        assert isinstance(selector, dict)
        assert isinstance(labels, dict)
        assert selector.items() <= labels.items()

    def test_a_kind_without_pods_is_labelled_and_else_left_alone(self) -> None:
        made = rendered(template={"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}, running={}, pod_template="")
        assert made.manifest == {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "data": {"a": "b"},
            "metadata": {"name": "web-1", "namespace": "team-a", "labels": LABELS},
        }


OTHER_NAMESPACE = {"metadata": {"namespace": "team-b"}}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        pytest.param(templated({"apiVersion": None}), "template.apiVersion must be a plain text", id="no apiVersion"),
        pytest.param(templated({"kind": ""}), "template.kind must be a plain text", id="an empty kind"),
        pytest.param(templated({"kind": "$(params.image)"}), "template.kind must be a plain text", id="a kind from a parameter"),
        pytest.param(templated({"kind": 7}), "template.kind must be a plain text", id="a kind that is no text"),
        pytest.param(
            templated({"apiVersion": "prepaid.dev/v1alpha1", "kind": "PrepaidAccount"}),
            "may not make objects of prepaid.dev",
            id="our own group",
        ),
        pytest.param(
            templated({"apiVersion": "prepaid.dev/v9"}), "may not make objects of prepaid.dev", id="our own group, another version"
        ),
        pytest.param(templated(OTHER_NAMESPACE), "reaches outside its namespace", id="another namespace"),
        pytest.param(templated({"metadata": {"namespace": ""}}), "reaches outside its namespace", id="an empty namespace"),
        pytest.param(templated({"metadata": {"ownerReferences": []}}), "metadata may hold only", id="owners"),
        pytest.param(templated({"metadata": {"finalizers": ["x/y"]}}), "metadata may hold only", id="finalizers"),
        pytest.param(templated({"metadata": {"generateName": "web-"}}), "metadata may hold only", id="a generated name"),
        pytest.param(templated({"metadata": "web-1"}), "metadata may hold only", id="metadata that is a text"),
        pytest.param(templated({"metadata": {"name": 7}}), "metadata.name must be a text", id="a name that is no text"),
        pytest.param(templated({"metadata": {"name": ""}}), "metadata.name must be a text", id="an empty name"),
        pytest.param(templated({"metadata": {"name": "$(nmae)"}}), "$(nmae) at metadata.name stands for nothing", id="a typing error"),
        pytest.param(workload(running={"kind": "Deployment"}), "workload.running must be a patch", id="a start that changes the kind"),
        pytest.param(workload(running=OTHER_NAMESPACE), "workload.running must be a patch", id="a start that moves it"),
        pytest.param(workload(stopped={"kind": "Deployment"}), "workload.stopped must be a patch", id="a stop that changes the kind"),
        pytest.param(workload(stopped=OTHER_NAMESPACE), "workload.stopped must be a patch", id="a stop that moves it"),
        pytest.param(workload(stopped={"status": {}}), "workload.stopped must be a patch", id="a stop that writes the status"),
        pytest.param(workload(pod_template="spec.tmplate"), "podTemplate", id="a pod template that is not there"),
        pytest.param(workload(pod_template="spec.replicas"), "podTemplate", id="a pod template that is a number"),
        pytest.param(workload(pod_template="spec.template.spec.containers"), "podTemplate", id="a pod template that is a list"),
    ],
)
def test_what_is_no_workload_of_this_instance_is_refused(bad: Workload, sentence: str) -> None:
    with pytest.raises(BadTemplate) as error:
        render(bad, WEB, VALUES)
    assert sentence in str(error.value)


def claims(when_deleted: str, when_scaled: str) -> dict[str, Any]:
    return {"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": when_deleted, "whenScaled": when_scaled}}}


class TestDataIsKept:
    """A workload may not own its data: what goes with it could not be kept in the bin."""

    @pytest.mark.parametrize(
        "bad",
        [
            pytest.param(templated({"spec": {"dataVolumeTemplates": [{"metadata": {"name": "root"}}]}}), id="dataVolumeTemplates"),
            pytest.param(templated({"spec": {"dataVolumeTemplates": []}}), id="empty dataVolumeTemplates"),
            pytest.param(templated(claims("Delete", "Retain")), id="claims that go when it is deleted"),
            pytest.param(templated(claims("Retain", "Delete")), id="claims that go when it is scaled down"),
            pytest.param(templated(claims("$(params.image)", "Retain")), id="a policy from a parameter"),
            pytest.param(templated({"spec": {"persistentVolumeClaimRetentionPolicy": "Delete"}}), id="a policy that is a text"),
            pytest.param(workload(running=claims("Delete", "Delete")), id="claims that go by the start patch"),
            pytest.param(workload(stopped=claims("Retain", "Delete")), id="claims that go by the stop patch"),
            pytest.param(workload(stopped={"spec": {"dataVolumeTemplates": []}}), id="dataVolumeTemplates by the stop patch"),
        ],
    )
    def test_a_workload_that_takes_its_data_along_is_refused(self, bad: Workload) -> None:
        with pytest.raises(BadTemplate, match=r"erased with the workload|must be Retain/Retain"):
            render(bad, WEB, VALUES)

    @pytest.mark.parametrize(
        "good",
        [
            pytest.param(templated(claims("Retain", "Retain")), id="Retain twice"),
            pytest.param(templated({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenScaled": "Retain"}}}), id="the other left out"),
            pytest.param(templated({"spec": {"persistentVolumeClaimRetentionPolicy": None}}), id="nothing said"),
            pytest.param(workload(template={"apiVersion": "v1", "kind": "ConfigMap", "spec": "x"}, running={}, stopped={"data": None},
                                  pod_template=""), id="a spec that is a text"),
        ],
    )  # fmt: skip
    def test_one_that_leaves_it_is_made(self, good: Workload) -> None:
        assert isinstance(render(good, WEB, VALUES), Rendering)


def test_a_parameter_is_a_value_and_never_structure() -> None:
    trick = substitutions(WEB, {"image": '"}, "hostNetwork": true, "x": {"'})
    containers = LiveObject.parse(render(workload(), WEB, trick).manifest).at("spec.template.spec")
    assert containers == {"containers": [{"name": "main", "image": '"}, "hostNetwork": true, "x": {"'}]}


@pytest.mark.parametrize("name", ["../../team-b/$(name)", "..", "$(params.image)", "web%2F1", "wеb-1"])
def test_data_is_not_named_so_that_it_leads_elsewhere(name: str) -> None:
    values = VALUES | {"params.image": "../../../kube-system/secrets/token"}
    sold = workload(data=(DataTemplate(api_version="v1", kind="PersistentVolumeClaim", name=name),))
    with pytest.raises(BadTemplate, match="no object can be called"):
        render(sold, WEB, values)


@pytest.mark.parametrize("value", ["..", ".", "../../../kube-system", "a/b", "$(namespace)", "web-1\n", ""])
def test_a_parameter_in_a_name_leads_nowhere_else(value: str) -> None:
    template = {**workload().template, "metadata": {"name": "$(params.image)"}}
    with pytest.raises(BadTemplate, match=r"metadata\.name must be"):
        render(workload(template=template), WEB, VALUES | {"params.image": value})


def test_rendering_leaves_the_class_as_it_was() -> None:
    sold = instance_class()
    before = sold.model_dump_json()
    assert sold.spec.workload is not None
    render(sold.spec.workload, WEB, VALUES)
    assert sold.model_dump_json() == before
