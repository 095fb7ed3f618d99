"""The watchdog is awake: every deliberate fault of the operator is caught, and for what it is."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import pytest

from simulation.sabotages import SABOTAGES, Sabotage


@pytest.fixture(scope="module")
def caught(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What was said first of each."""
    directories = [tmp_path_factory.mktemp("sabotage") for _ in SABOTAGES]
    with ThreadPoolExecutor(cpu_count()) as hunters:
        said = hunters.map(lambda sabotage, directory: sabotage.hunt(directory), SABOTAGES, directories)
        return {sabotage.name: violation for sabotage, violation in zip(SABOTAGES, said, strict=True)}


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_it_is_caught(sabotage: Sabotage, caught: Mapping[str, str]) -> None:
    assert re.search(sabotage.words, caught[sabotage.name] or "it was not caught")


def test_there_are_at_least_twelve() -> None:
    assert len({sabotage.name for sabotage in SABOTAGES}) >= 12
