"""A control plane of the tests' own: real Kubernetes in a temporary directory, without the operator.

Who lives on it is marked: `make test` runs these tests and all others side by side.
"""

import signal
from collections.abc import Iterator
from types import FrameType
from typing import Final

import pytest

from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display
from prepaid.local.plane import ControlPlane

SHARED: Final = "shared"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "control_plane" in item.fixturenames:
            item.add_marker(SHARED)


@pytest.fixture(scope="session")
def control_plane(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Up for the whole session, ended at its end, also when tests fail or the session is told to end.

    .kubeconfig(persona) is the path of a persona's kubeconfig (admin, operator, cashier, alice, bob, viewer);
    .kubectl(persona) acts as one: .ask(*arguments, given=stdin) -> stdout, .run(...) -> CompletedProcess, .apply(objects).
    """
    assert pytestconfig.option.markexpr != f"not {SHARED}", "who asks for it by name, and not by an argument, bears the mark"
    directory = tmp_path_factory.mktemp("plane")
    former = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield up(Wish(directory, with_operator=False), Display())
    finally:
        down(directory, Display())
        signal.signal(signal.SIGTERM, former)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends the session the way Ctrl-C does: fixtures are still taken down."""
    raise KeyboardInterrupt
