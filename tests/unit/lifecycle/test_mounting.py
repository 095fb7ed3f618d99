"""Disks and interfaces in a pod template: put in, found, taken out, and nothing else touched."""

import pytest

from prepaid.lifecycle.mounting import Fitting, can_be_fitted, fitted, is_fitted, is_taken, without_fittings
from prepaid.lifecycle.networks import NETWORKS
from prepaid.lifecycle.objects import Manifest
from prepaid.lifecycle.template import merge_patch

DISK, LAN = Fitting("photos", claim="photos-claim"), Fitting("lan", network="lan-1")
VOLUME = {"name": "attach-photos", "persistentVolumeClaim": {"claimName": "photos-claim"}}
MOUNT = {"name": "attach-photos", "mountPath": "/mnt/photos"}


def workload(annotation: str = "") -> Manifest:
    own = {"name": "main", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    metadata = {"annotations": {NETWORKS: annotation}} if annotation else {}
    return {"spec": {"replicas": 1, "template": {"metadata": metadata, "spec": {"containers": [own, {"name": "side"}]}}}}


def test_a_disk_is_a_volume_and_a_mount_in_the_first_container() -> None:
    spec = fitted(workload(), "spec.template", [DISK])["spec"]["template"]["spec"]
    assert spec["volumes"] == [VOLUME]
    assert [container.get("volumeMounts") for container in spec["containers"]] == [[{"name": "data", "mountPath": "/data"}, MOUNT], None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "lan-1", id="alone"),
        pytest.param("wan", "wan,lan-1", id="behind those of the class"),
        pytest.param('[{"name": "wan"}]', '[{"name": "wan"}, {"name": "lan-1"}]', id="in a list of objects"),
    ],
)
def test_an_interface_is_one_more_network_in_the_annotation(before: str, after: str) -> None:
    put_in = fitted(workload(before), "spec.template", [LAN])
    assert put_in["spec"]["template"]["metadata"]["annotations"][NETWORKS] == after


@pytest.mark.parametrize("annotation", ["", "wan", '[{"name": "wan"}]'])
def test_what_is_taken_out_leaves_all_else_as_it_was(annotation: str) -> None:
    put_in = fitted(workload(annotation), "spec.template", [DISK, LAN])
    assert is_fitted(put_in, DISK)
    taken_out = merge_patch(put_in, without_fittings(put_in, [DISK, LAN]))
    assert not is_fitted(taken_out, DISK)
    assert not is_fitted(taken_out, LAN)
    assert merge_patch(taken_out, {"spec": {"template": {"metadata": {"annotations": None}}}}) == merge_patch(
        workload(annotation), {"spec": {"template": {"metadata": {"annotations": None}}}}
    )


def test_nothing_is_taken_out_where_nothing_is() -> None:
    assert without_fittings(workload("wan"), [DISK, LAN]) == {}


def test_a_template_without_containers_has_no_place_for_a_disk() -> None:
    machine: Manifest = {"spec": {"template": {"spec": {"domain": {}}}}}
    assert not can_be_fitted(machine, "spec.template", DISK)
    assert can_be_fitted(machine, "spec.template", LAN)
    assert not can_be_fitted(workload(), "", LAN)


@pytest.mark.parametrize(
    ("fitting", "is_so"),
    [
        pytest.param(DISK, False, id="a place of its own"),
        pytest.param(Fitting("data", claim="c"), False, id="a name that the class uses for something else"),
        pytest.param(Fitting("lan", network="wan"), True, id="a network that the class joins itself"),
    ],
)
def test_what_the_class_has_in_its_own_template_is_taken(fitting: Fitting, is_so: bool) -> None:
    assert is_taken(workload("wan"), "spec.template", fitting) is is_so


def test_a_path_where_the_class_mounts_something_is_taken() -> None:
    mounted = fitted(workload(), "spec.template", [DISK])
    assert is_taken(mounted, "spec.template", Fitting("photos", claim="other"))


def test_a_long_name_still_makes_the_name_of_a_volume() -> None:
    assert len(Fitting("a" * 63, claim="c").volume) <= 63
