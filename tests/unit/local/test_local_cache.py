"""The built tools are used when they are whole, and built again when they are not."""

from pathlib import Path

import pytest

from prepaid.local.binaries import ROLE, SIZES, STAGES, assets, write_sizes
from prepaid.local.build import MODULE, explain
from prepaid.local.cache import cache_root, fault, key
from prepaid.local.errors import LocalError
from prepaid.local.tools import TOOLS, Tool

ANSWER = '#!/bin/sh\necho "example version v1.0"\n'
EXAMPLE = Tool("example", "example.dev/cmd/example", "1.0", "v1.")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / EXAMPLE.name).write_text(ANSWER + "#" * 1000)
    (tmp_path / EXAMPLE.name).chmod(0o755)
    (tmp_path / STAGES).touch()
    (tmp_path / ROLE).touch()
    write_sizes(tmp_path)
    return tmp_path


def test_a_whole_cache_is_used(place: Path) -> None:
    assert fault(place, [EXAMPLE]) is None


def test_a_cache_that_is_not_there_is_built(tmp_path: Path) -> None:
    assert fault(tmp_path / "none", [EXAMPLE]) == "nothing is built yet"


def test_a_binary_cut_short_is_noticed_even_if_it_still_answers(place: Path) -> None:
    (place / EXAMPLE.name).write_text(ANSWER)
    assert fault(place, [EXAMPLE]) == "example is cut short"


def test_an_unreadable_note_of_the_sizes_counts_as_incomplete(place: Path) -> None:
    (place / SIZES).write_text("[")
    assert fault(place, [EXAMPLE]) == "it is incomplete"


def test_a_binary_that_is_no_program_is_noticed(place: Path) -> None:
    (place / EXAMPLE.name).write_bytes(b"\x7fELF" + bytes(100))
    write_sizes(place)
    assert fault(place, [EXAMPLE]) == "example does not start (OSError)"


def test_a_binary_of_another_version_is_noticed(place: Path) -> None:
    (place / EXAMPLE.name).write_text(ANSWER.replace("v1.0", "v2.0"))
    write_sizes(place)
    assert fault(place, [EXAMPLE]) == "example is of another version than v1.*"


def test_another_set_of_tools_is_another_build() -> None:
    assert key(TOOLS) == key(list(TOOLS))
    assert key(TOOLS) != key(TOOLS[1:])


def test_the_cache_follows_xdg(tmp_path: Path) -> None:
    assert cache_root({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "prepaid"


def test_brought_tools_of_an_unfit_version_are_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "etcd").write_text('#!/bin/sh\necho "etcd Version: 2.0"\n')
    (tmp_path / "etcd").chmod(0o755)
    with pytest.raises(LocalError, match=r"etcd is of another version than 3\.\*; unset it"):
        assets(str(tmp_path))


def test_without_brought_tools_everything_is_ours() -> None:
    assert assets("") == {}


def test_the_pinned_versions_are_those_of_go_mod() -> None:
    pinned = (MODULE / "go.mod").read_text()
    modules = {"etcd": "go.etcd.io/etcd/server/v3", "kwok": "sigs.k8s.io/kwok"}
    assert [tool.name for tool in TOOLS if f"{modules.get(tool.name, 'k8s.io/kubernetes')} v{tool.version}" not in pinned] == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(["write /x: no space left on device", ""], "The disk is full", id="a full disk is called by its name"),
        pytest.param(["# k8s.io/api", "x.go:1: broken"], "Building etcd failed: x.go:1: broken", id="else the last line is told"),
        pytest.param([], "Building etcd failed: Go said nothing", id="silence is told too"),
    ],
)
def test_a_failed_build_is_one_sentence(lines: list[str], says: str) -> None:
    assert explain("etcd", lines).startswith(says)
