"""One siege for all attacks: the operator works from the first to the last of them, and each leaves everything as it was."""

from collections.abc import Iterator

import pytest

from cluster.apiserver import Api
from cluster.attacks.siege import Siege, laid
from cluster.operators import at_work, operator_of
from cluster.recording import Recorder
from prepaid.local.plane import ControlPlane

SWEEP_SECONDS = 3.0


@pytest.fixture(scope="package")
def siege(control_plane: ControlPlane, admin: Api, recorder: Recorder) -> Iterator[Siege]:
    with at_work(operator_of(control_plane, "siege", SWEEP_SECONDS)):
        yield laid(control_plane, admin, recorder)


@pytest.fixture(autouse=True)
def _nothing_has_changed(siege: Siege) -> Iterator[None]:
    yield
    assert siege.stands()
