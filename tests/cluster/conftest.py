"""What the tests of lives share: personas, the recorder, the lives themselves; the operator's log beside every failure."""

from collections.abc import Callable, Generator, Iterator

import pytest

from cluster.apiserver import AS_THE_OPERATOR, INSTANCES, Api
from cluster.kstatus import faults
from cluster.lives import CLASSES_ON_SALE, LIVES
from cluster.operators import LOGS, at_work, operator_of, tail
from cluster.recording import Recorder
from cluster.scenes import Scene
from cluster.stories import Outcomes, tell
from prepaid.local.commands import Wish, down, up
from prepaid.local.display import Display
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane


@pytest.fixture(scope="session")
def admin(control_plane: ControlPlane) -> Iterator[Api]:
    api = Api(control_plane.kubeconfig(ADMIN))
    yield api
    api.close()


@pytest.fixture(scope="session")
def meddler(control_plane: ControlPlane) -> Api:
    """Damages what the policies protect from everybody else, in the operator's name: to see that it is put right."""
    return Api(control_plane.kubeconfig(ADMIN), AS_THE_OPERATOR)


@pytest.fixture(scope="module")
def quiet_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A module's own: nothing that others left to live on is on it, and nothing of it burdens the operators of others."""
    directory = tmp_path_factory.mktemp("quiet")
    try:
        yield up(Wish(directory, with_operator=False), Display())
    finally:
        down(directory, Display())


@pytest.fixture(scope="session")
def recorder(control_plane: ControlPlane) -> Iterator[Recorder]:
    """Sees everything from here on."""
    yield from judged(control_plane)


@pytest.fixture(scope="module")
def quiet_recorder(quiet_plane: ControlPlane) -> Iterator[Recorder]:
    """The same on a module's own plane."""
    yield from judged(quiet_plane)


def judged(plane: ControlPlane) -> Iterator[Recorder]:
    """At the end every status that was ever written must have kept the rules of kstatus."""
    api = Api(plane.kubeconfig(ADMIN))
    recorder = Recorder(api)
    recorder.start()
    yield recorder
    api.close()
    assert [fault for seen in recorder.everything(INSTANCES) for fault in faults(seen.body)] == []


@pytest.fixture(scope="session")
def lives(control_plane: ControlPlane, meddler: Api, recorder: Recorder) -> Outcomes:
    """All lives of lives.py, lived at once by alice in team-a; over when the first test looks."""
    scene = Scene("team-a", Api(control_plane.kubeconfig("alice")), meddler, recorder)
    scene.prepare()
    for instance_class in CLASSES_ON_SALE:
        scene.sell(instance_class)
    with at_work(operator_of(control_plane, "lives")):
        return tell(LIVES, scene)


@pytest.fixture(scope="session")
def tell_reader(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Prints a line for whoever reads the test run, captured or not."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(line: str) -> None:
        with capture.global_and_fixture_disabled():
            request.config.get_terminal_writer().line(f"\n{line}")

    return tell


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and LOGS and LOGS[-1].exists():
        report.sections.append(("the operator's last words", tail(LOGS[-1])))
    return report
