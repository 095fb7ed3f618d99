"""A control plane of these tests' own, which they may break: up heals it, down leaves nothing behind."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from prepaid.cli.app import app
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import quiet
from prepaid.local.flags import API, ETCD, START_ORDER
from prepaid.local.personas import OPERATOR
from prepaid.local.plane import ControlPlane
from prepaid.local.ports import LOOPBACK
from prepaid.local.processes import is_alive, read, wait_until

PARTS = tuple(part for part in START_ORDER if part != OPERATOR)
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "kept", "namespace": "team-a"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


@pytest.fixture(scope="module")
def own_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    directory = tmp_path_factory.mktemp("own") / "plane"
    try:
        yield up(Wish(directory, with_operator=False), quiet())
    finally:
        down(directory, quiet())


def pids(plane: ControlPlane) -> dict[str, int | None]:
    return {part.name: part.pid for part in plane.status()}


def kill(plane: ControlPlane, part: str) -> None:
    record = read(plane.record_path(part))
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(record), 10)


def bring_up(plane: ControlPlane) -> None:
    up(Wish(plane.layout.root, with_operator=False), quiet())
    assert [part.name for part in plane.status() if not part.is_ready] == []


def test_up_twice_starts_nothing_anew(own_plane: ControlPlane) -> None:
    before = pids(own_plane)
    bring_up(own_plane)
    assert pids(own_plane) == before


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_started_anew_and_the_others_are_left_alone(own_plane: ControlPlane, part: str) -> None:
    before = pids(own_plane)
    kill(own_plane, part)
    bring_up(own_plane)
    assert [name for name, pid in pids(own_plane).items() if pid != before[name]] == [part]


def test_data_outlives_a_crash_of_everything(own_plane: ControlPlane) -> None:
    own_plane.kubectl().ask("create", "configmap", "kept")
    for part in PARTS:
        kill(own_plane, part)
    bring_up(own_plane)
    assert own_plane.kubectl().ask("get", "configmap", "kept", "-o", "name").strip() == "configmap/kept"


def test_an_illegible_record_is_made_good(own_plane: ControlPlane) -> None:
    kill(own_plane, API)
    own_plane.record_path(API).write_text("{")
    own_plane.layout.kubeconfig("alice").unlink()
    bring_up(own_plane)
    assert own_plane.kubectl("alice").ask("get", "pods") == ""


def test_status_tells_a_dead_part_by_its_exit_code(own_plane: ControlPlane) -> None:
    where = ["--directory", str(own_plane.layout.root)]
    assert CliRunner().invoke(app, ["local", "status", *where]).exit_code == 0
    kill(own_plane, ETCD)
    assert CliRunner().invoke(app, ["local", "status", *where]).exit_code == 1
    bring_up(own_plane)


def test_another_port_for_a_running_one_is_refused_in_one_sentence(own_plane: ControlPlane) -> None:
    answer = CliRunner().invoke(app, ["local", "up", "--no-operator", "--port", "1", "--directory", str(own_plane.layout.root)])
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert "already" in answer.stderr


def test_down_leaves_no_process_no_volume_and_no_file_behind(own_plane: ControlPlane) -> None:
    own_plane.kubectl().apply([CLAIM])
    own_plane.kubectl().ask("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/kept", "-n", "team-a", "--timeout=60s")
    path = "jsonpath={.items[?(@.spec.claimRef.name=='kept')].spec.hostPath.path}"
    volume = Path(own_plane.kubectl().ask("get", "pv", "-o", path))
    records = [own_plane.record(part) for part in PARTS]
    assert volume.is_dir()
    down(own_plane.layout.root, quiet())
    assert [record for record in records if is_alive(record)] == []
    assert not volume.exists()
    assert not own_plane.layout.root.exists()


def test_kept_data_is_there_at_the_next_up(own_plane: ControlPlane) -> None:
    bring_up(own_plane)
    own_plane.kubectl().ask("create", "configmap", "kept")
    down(own_plane.layout.root, quiet(), keep_data=True)
    bring_up(own_plane)
    assert own_plane.kubectl().ask("get", "configmap", "kept", "-o", "name").strip() == "configmap/kept"


def test_a_port_in_use_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = str(server.getsockname()[1])
        answer = CliRunner().invoke(app, ["local", "up", "--no-operator", "--port", port, "--directory", str(tmp_path)])
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert f"Port {port} is in use: choose another one with --port" in answer.stderr


def test_two_control_planes_run_side_by_side(own_plane: ControlPlane, control_plane: ControlPlane) -> None:
    bring_up(own_plane)
    own_plane.kubectl().ask("create", "namespace", "only-here")
    assert control_plane.kubectl().run("get", "namespace", "only-here").returncode != 0
