"""A process is ended only while it is the one that we started; a dead one is seen to be dead."""

import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from prepaid.local.ports import LOOPBACK, choose, free_port, is_free
from prepaid.local.processes import Command, Record, end, is_alive, read, start, wait_until


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command("sleeper", (sys.executable, "-c", "input()"), tmp_path, tmp_path / "logs" / "sleeper.log", {})


def sleeper(command: Command) -> Command:
    return replace(command, argv=(sys.executable, "-c", "import signal; signal.pause()"))


def test_a_started_process_is_known_again_from_its_record(command: Command, tmp_path: Path) -> None:
    record = start(sleeper(command), tmp_path / "record.json")
    assert is_alive(read(tmp_path / "record.json"))
    end(record)
    assert not is_alive(record)


def test_a_process_that_took_over_the_id_is_left_alone(command: Command, tmp_path: Path) -> None:
    record = start(sleeper(command), tmp_path / "record.json")
    stranger = replace(record, birth="another time")
    end(stranger)
    assert is_alive(record)
    end(record)


def test_one_that_ended_by_itself_is_dead(command: Command, tmp_path: Path) -> None:
    record = start(command, tmp_path / "record.json")
    assert wait_until(lambda: not is_alive(record), 10)
    assert "EOFError" in command.log.read_text()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "null"])
def test_an_illegible_record_is_no_record(tmp_path: Path, text: str) -> None:
    (tmp_path / "record.json").write_text(text)
    assert read(tmp_path / "record.json") is None


def test_ending_nothing_is_fine() -> None:
    end(None)
    end(Record(2**22 + 1, "never", ""))


def test_another_command_line_or_stamp_is_another_fingerprint(command: Command) -> None:
    others = [replace(command, argv=("x",)), replace(command, stamp="x"), replace(command, environment={"A": "x"})]
    assert len({each.fingerprint() for each in [command, *others]}) == 4


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        assert not is_free(server.getsockname()[1])
    assert is_free(free_port())


@pytest.mark.parametrize(
    ("known", "is_running", "free", "keeps"),
    [
        pytest.param(7000, True, False, True, id="a running part keeps its port"),
        pytest.param(7000, False, True, True, id="a dead part keeps its port while it is free"),
        pytest.param(7000, False, False, False, id="a dead part gets another when somebody took it"),
        pytest.param(None, False, False, False, id="a new part gets one"),
    ],
)
def test_who_keeps_a_port(known: int | None, *, is_running: bool, free: bool, keeps: bool) -> None:
    assert (choose(known, is_running, lambda _port: free) == known) is keeps
