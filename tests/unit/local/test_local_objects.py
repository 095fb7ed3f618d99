"""What is installed where, how fast kwok plays, what is ours on the disk, and whether a Go is new enough."""

from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml

from prepaid.local.blame import is_full, last_run, last_words
from prepaid.local.errors import LocalError, sentence
from prepaid.local.furnishing import CLASS_API, fitting, unfit
from prepaid.local.golang import is_new_enough
from prepaid.local.layout import Layout
from prepaid.local.locks import lock
from prepaid.local.manifests import discovery_path, documents, find_manifests
from prepaid.local.processes import STARTED
from prepaid.local.stages import hastened
from prepaid.local.starting import ensure_ours
from prepaid.local.volumes import PLACE, volume_directories

STATEFUL_SET = ("apps/v1", "StatefulSet")
MACHINE = ("kubevirt.io/v1", "VirtualMachine")


def preset(workload: tuple[str, str] | None) -> dict[str, Any]:
    spec = {"workload": {"template": {"apiVersion": workload[0], "kind": workload[1]}}} if workload else {}
    return {"apiVersion": CLASS_API[0], "kind": CLASS_API[1], "metadata": {"name": "example"}, "spec": spec}


@pytest.mark.parametrize(
    ("workload", "known", "lacks"),
    [
        pytest.param(STATEFUL_SET, {CLASS_API, STATEFUL_SET}, None, id="its workload's kind is there"),
        pytest.param(MACHINE, {CLASS_API, STATEFUL_SET}, "VirtualMachine (kubevirt.io/v1)", id="its workload's kind is missing"),
        pytest.param(None, {CLASS_API}, None, id="no workload needs no kind"),
        pytest.param(None, set[tuple[str, str]](), "InstanceClass (prepaid.dev/v1alpha1)", id="classes themselves are unknown"),
    ],
)
def test_a_preset_is_installed_where_its_kinds_exist(
    workload: tuple[str, str] | None, known: set[tuple[str, str]], lacks: str | None
) -> None:
    assert unfit(preset(workload), frozenset(known)) == lacks
    assert bool(fitting([preset(workload)], frozenset(known))) is (lacks is None)


def test_the_core_group_is_discovered_elsewhere() -> None:
    assert [discovery_path("v1"), discovery_path("apps/v1")] == ["/api/v1", "/apis/apps/v1"]


def test_an_installation_without_manifests_says_so(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="install prepaid again"):
        find_manifests([tmp_path])


def test_a_manifest_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("a: [")
    with pytest.raises(LocalError, match=r"broken\.yaml cannot be read"):
        documents(tmp_path / "broken.yaml")


def stage(kind: str, delay: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Stage", "spec": {"resourceRef": {"kind": kind}, "delay": delay}}


def test_a_pod_s_end_is_quick_unless_its_annotation_says_otherwise() -> None:
    annotation = {"expressionFrom": '.metadata.annotations["pod-delete.stage.kwok.x-k8s.io/delay"]'}
    grace = {"expressionFrom": ".metadata.deletionTimestamp"}
    given = stage("Pod", {"durationMilliseconds": 1000, "durationFrom": annotation, "jitterDurationFrom": grace})
    (played,) = yaml.safe_load_all(hastened(yaml.safe_dump(given)))
    assert played["spec"]["delay"] == {"durationMilliseconds": 200, "jitterDurationMilliseconds": 500, "durationFrom": annotation}


def test_a_node_s_heartbeat_keeps_its_pace() -> None:
    given = stage("Node", {"durationMilliseconds": 20000})
    assert list(yaml.safe_load_all(hastened(yaml.safe_dump(given)))) == [given]


def test_volumes_are_found_in_etcd_s_files_even_when_nothing_runs(tmp_path: Path) -> None:
    name = "0a1b2c3d-0000-4000-8000-0123456789ab"
    (tmp_path / "member" / "snap").mkdir(parents=True)
    (tmp_path / "member" / "empty").touch()
    (tmp_path / "member" / "snap" / "db").write_bytes(b"\0\x12" + f"{PLACE}/{name}".encode() + b"\x1a\0/tmp/hostpath_pv/../etc")
    assert volume_directories(tmp_path) == {PLACE / name}


def test_a_directory_with_other_things_in_it_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").touch()
    with pytest.raises(LocalError, match=r"holds other things \(diary.txt\)"):
        ensure_ours(Layout(tmp_path))


def test_a_half_started_directory_is_ours(tmp_path: Path) -> None:
    (tmp_path / "tokens.csv").touch()
    (tmp_path / "run").mkdir()
    ensure_ours(Layout(tmp_path))


@pytest.mark.parametrize(("text", "fits"), [("go1.26.8", True), ("go1.27", True), ("go2.0", True), ("go1.25.11", False), ("", False)])
def test_which_go_is_new_enough(text: str, *, fits: bool) -> None:
    assert is_new_enough(text) is fits


@pytest.mark.parametrize(
    ("error", "says"),
    [
        pytest.param(OSError(28, "No space left on device", "/x/etcd"), "The disk is full (/x/etcd): free some space", id="a full disk"),
        pytest.param(PermissionError(13, "Permission denied", "/x"), "Permission denied (/x).", id="no permission"),
    ],
)
def test_errors_of_the_system_are_one_sentence(error: OSError, says: str) -> None:
    assert sentence(error).startswith(says)


def test_what_went_wrong_in_an_earlier_run_is_no_matter() -> None:
    assert last_run(f"{STARTED}\nno space left on device\n{STARTED}\nbad flag\n") == ["", "bad flag"]


def test_of_a_stack_trace_its_cause_is_told() -> None:
    assert last_words(["I started", 'E run.go:72] "command failed" err="bad flag"', "main.go:31 +0x28"]).endswith('err="bad flag"')
    assert last_words(["one", "two"]) == "two"
    assert last_words([]) == "it said nothing"


@pytest.mark.parametrize(
    ("lines", "free_bytes", "full"),
    [
        pytest.param(["write: no space left on device", "main.go:31"], 1 << 30, True, id="it was full when the part wrote"),
        pytest.param([], 0, True, id="it is so full that nothing could be said"),
        pytest.param(["bad flag"], 1 << 30, False, id="something else went wrong"),
    ],
)
def test_a_full_disk_is_recognized(lines: list[str], free_bytes: int, *, full: bool) -> None:
    assert is_full(lines, free_bytes) is full


def test_whoever_finds_the_lock_taken_says_so_and_waits(tmp_path: Path) -> None:
    waits, order = Event(), list[str]()
    second = Thread(target=take_lock, args=(tmp_path / "lock", waits, order))
    with lock(tmp_path / "lock", on_wait=lambda: None):
        second.start()
        assert waits.wait(10)
        order.append("first")
    second.join(10)
    assert order == ["first", "second"]


def take_lock(path: Path, waits: Event, order: list[str]) -> None:
    with lock(path, on_wait=waits.set):
        order.append("second")
