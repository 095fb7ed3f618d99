"""What a whole life costs the API server: counted by itself, on a control plane where nobody else lives."""

from collections.abc import Callable
from typing import Final

import pytest

from cluster.apiserver import Api
from cluster.metering import Count, writes_of_the_operator
from cluster.operators import at_work, operator_of
from cluster.recording import Recorder
from cluster.scenes import Scene
from cluster.waiting import wait_for
from cluster.wares import a_class, stateful_workload
from prepaid.api.instance import Phase
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

CLASS: Final = "figures"
LIVES: Final = 4
MOST_WRITES: Final = 28
"""Of one life with a StatefulSet and a claim, from the purchase to the receipt, events included: today's count.

The first instances of a class that are bought at once mark it as in use, and all but one of them conflict.
"""


@pytest.fixture(scope="module")
def spent(quiet_plane: ControlPlane, quiet_recorder: Recorder) -> Count:
    """The writes of a few lives together."""
    admin = Api(quiet_plane.kubeconfig(ADMIN))
    scene = Scene("figures", admin, admin, quiet_recorder)
    scene.prepare()
    scene.sell(a_class(CLASS, term=6, retention=4, workload=stateful_workload()))
    with at_work(operator_of(quiet_plane, "figures")):
        until_quiet(scene)
        before = writes_of_the_operator(admin, scene.namespace)
        lives = [scene.buy(f"counted-{number}", CLASS) for number in range(LIVES)]
        for life in lives:
            life.until_phase(Phase.TERMINATED)
        until_quiet(scene)
    return writes_of_the_operator(admin, scene.namespace) - before


def until_quiet(scene: Scene) -> None:
    """Nobody has written for a second."""
    wait_for("no news", lambda: not scene.recorder.has_news_within(1.0))


def test_the_writes_of_a_whole_life(spent: Count, tell_reader: Callable[[str], None]) -> None:
    table = "\n".join(f"  {count / LIVES:6.2f}  {what}" for what, count in sorted(spent.items(), key=lambda entry: -entry[1]) if count)
    tell_reader(f"writes for one whole life ({LIVES} were lived):\n{table}\n  {spent.total() / LIVES:6.2f}  in all")
    assert spent.total() <= MOST_WRITES * LIVES
