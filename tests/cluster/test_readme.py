"""The README's tour, executed: every command block of it runs as written in one shell, and prints what the README says."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from prepaid.cli.exit_codes import MEANINGS
from prepaid.local.commands import down
from prepaid.local.display import quiet
from prepaid.local.layout import default_directory

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text()
TOUR: Final = README.partition("## A tour with kubectl\n")[2].partition("\n## ")[0]
BLOCK: Final = re.compile(r"```sh\n(.*?)```(?:\n```text\n(.*?)```)?", re.DOTALL)
MARK: Final = "<<< the end of block {} >>>"
LIMIT_SECONDS: Final = 300.0
MASKS: Final = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"\b\d+[smhd]( \d+[smhd])?\b", "AGE"),
    (r"\s+", " "),
)


@dataclass(frozen=True)
class Block:
    """What is typed, and the lines that the README shows of the answer."""

    number: int
    typed: str
    shown: tuple[str, ...]


def blocks() -> list[Block]:
    return [Block(number, typed, masked(shown)) for number, (typed, shown) in enumerate(BLOCK.findall(TOUR))]


def masked(text: str) -> tuple[str, ...]:
    """Its lines without what differs from one time to the next."""
    lines = []
    for line in text.splitlines():
        for pattern, mask in MASKS:
            line = re.sub(pattern, mask, line)
        lines.append(line.strip())
    return tuple(line for line in lines if line)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What each block printed, as far as the tour came, with a state and a kubectl of its own."""
    home = tmp_path_factory.mktemp("reader")
    environment = {**os.environ, "XDG_STATE_HOME": str(home), "KUBECACHEDIR": str(home / "cache")}
    script = "".join(f"{block.typed}\necho '{MARK.format(block.number)}'\n" for block in blocks())
    try:
        done = subprocess.run(
            ["bash", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        yield re.split(MARK.format(r"\d+"), done.stdout)
    finally:
        down(default_directory(environment), quiet())


@pytest.mark.parametrize("block", blocks(), ids=[f"block {block.number}: {block.typed.splitlines()[0][:50]}" for block in blocks()])
def test_a_block_runs_and_prints_what_the_readme_says(block: Block, printed: list[str]) -> None:
    assert block.number < len(printed) - 1, f"the tour ended here:\n{printed[-1]}"
    told = iter(masked(printed[block.number]))
    for line in block.shown:
        assert any(line in one for one in told), f"not printed, or not in this order: {line}\n{printed[block.number]}"


def test_the_exit_codes_are_all_there() -> None:
    assert all(f"| {code.value} | {meaning} |" in README for code, meaning in MEANINGS.items())
