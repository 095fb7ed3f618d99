"""What `prepaid local` says when something is wrong: one sentence on stderr, exit code 1."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from prepaid.cli.app import app
from prepaid.local.layout import Layout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["kubeconfig", "carol"], "There is no persona 'carol': take one of admin", id="an unknown persona"),
        pytest.param(["kubeconfig", "alice"], "start one with `prepaid local up`", id="no control plane to have a kubeconfig of"),
        pytest.param(["status"], "start one with `prepaid local up`", id="no control plane to have a status"),
    ],
)
def test_a_failure_is_one_sentence(tmp_path: Path, words: list[str], says: str) -> None:
    answer = CliRunner().invoke(app, ["local", *words, "--directory", str(tmp_path)])
    assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert says in answer.stderr


def test_kubeconfig_prints_its_path_and_nothing_else(tmp_path: Path) -> None:
    path = Layout(tmp_path).kubeconfig("alice")
    path.parent.mkdir()
    path.touch()
    answer = CliRunner().invoke(app, ["local", "kubeconfig", "alice", "--directory", str(tmp_path)])
    assert (answer.exit_code, answer.stdout) == (0, f"{path}\n")


def test_down_where_nothing_is_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").touch()
    assert CliRunner().invoke(app, ["local", "down", "--directory", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "diary.txt").exists()
