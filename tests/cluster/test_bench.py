"""A tiny run of the bench, from its control plane to its files. Whether a target is reached is no matter of a test: machines differ."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

TESTS: Final = Path(__file__).parents[1]
N: Final = 6


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a storm of six has left what it found."""
    out = tmp_path_factory.mktemp("bench")
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "N": str(N), "CASES": "storm", "ROUNDS": "1", "OUT": str(out)}
    told = subprocess.run([sys.executable, "-m", "bench"], env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return out


@pytest.fixture(scope="module")
def figure(out: Path) -> dict[str, Any]:
    """Its only line."""
    (line,) = json.loads((out / "bench.json").read_text())["figures"]
    return dict(line)


def test_a_storm_is_measured_beside_its_floor(figure: dict[str, Any]) -> None:
    assert figure["value"] == pytest.approx(figure["seconds"] / figure["floor_seconds"])


def test_a_storm_files_one_item_for_each(figure: dict[str, Any]) -> None:
    assert figure["detail"]["POST recyclebinitems"] == 1


def test_a_run_is_told_in_numbers_in_words_and_in_pictures(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == {"bench.json", "bench.md", "bench.png", "bench.svg"}
