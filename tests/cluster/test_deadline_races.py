"""A payment and a deadline in the same second, two hundred times: what the server accepted before the deadline wins (product.md P12).

Half of them race the expiration, half the release. Whether a payment came first is told by the very answer that accepted it: the version
of the instance that it made either speaks of the bin, or of the end, or it does not.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pytest
from whenever import Instant, TimeDelta

from cluster.apiserver import INSTANCES, Api
from cluster.histories import is_paying
from cluster.operators import at_work, operator_of
from cluster.recording import Recorder
from cluster.waiting import wait_for
from cluster.wares import a_class, an_instance
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.resource import API_VERSION
from prepaid.cluster.clock import wall
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

RACES: Final = 100
MORE: Final = 9
NAMESPACE: Final = "races"
TERM_SECONDS, RETENTION_SECONDS = 25, 10
LIMIT_SECONDS: Final = 400.0
PAUSE_SECONDS: Final = 0.5
EARLIEST: Final = TimeDelta(milliseconds=-500)
LATEST: Final = TimeDelta(milliseconds=6000)


@dataclass(frozen=True)
class Race:
    """One payment: the status that the accepting answer showed, and how it all ended."""

    name: str
    when_paid: InstanceStatus
    ended: InstanceStatus


@dataclass(frozen=True)
class Track:
    """Where races are run."""

    admin: Api
    recorder: Recorder

    def run(self, number: int, deadline: Callable[[InstanceStatus], Instant | None], total: int) -> Race:
        """Waits for the deadline of an instance, and pays half a second before to some seconds after it: the operator may be late."""
        name = f"race-{number}"
        self.admin.create(an_instance(NAMESPACE, name, "race", account="all"))
        moment = wait_for(f"{name} has a deadline", lambda: self.known(name, deadline), LIMIT_SECONDS, PAUSE_SECONDS)
        shift = EARLIEST + (LATEST - EARLIEST) * ((number % RACES) / (RACES - 1)) ** 2
        wait_for(
            "the moment of payment", lambda: wall() >= moment + shift, LIMIT_SECONDS, max(0.0, (moment + shift - wall()).total("seconds"))
        )
        answer = self.admin.merge(INSTANCES, NAMESPACE, name, {"spec": {"purchasedPeriods": total}})
        ended = wait_for(f"{name} is decided", lambda: self.decided(name, total), LIMIT_SECONDS, PAUSE_SECONDS)
        return Race(name, InstanceStatus.model_validate(answer["status"]), ended)

    def known(self, name: str, deadline: Callable[[InstanceStatus], Instant | None]) -> Instant | None:
        newest = self.recorder.newest(INSTANCES, NAMESPACE, name)
        return deadline(newest.status) if newest else None

    def decided(self, name: str, total: int) -> InstanceStatus | None:
        """Its status when the payment had just been acted on, or had come too late, and nothing was in flight."""
        history = self.recorder.history(INSTANCES, NAMESPACE, name)
        return next((sighting.status for sighting in history if is_decided(sighting.status, total)), None)


def is_decided(status: InstanceStatus, total: int) -> bool:
    is_over = status.phase is Phase.TERMINATED or status.requested_periods == total
    return is_over and not is_paying(status)


@dataclass(frozen=True)
class Results:
    """All races, and what the account says in the end."""

    at_expiration: list[Race]
    at_release: list[Race]
    charged: Decimal
    granted: int


@pytest.fixture(scope="module")
def results(quiet_plane: ControlPlane, quiet_recorder: Recorder) -> Iterator[Results]:
    """Both kinds at once, with the real operator."""
    admin = Api(quiet_plane.kubeconfig(ADMIN))
    sold = a_class("race", TERM_SECONDS, RETENTION_SECONDS, price={"amount": "1.00", "currency": "CNY"})
    quiet_plane.kubectl().apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}, sold, account("5000.00")])
    track = Track(admin, quiet_recorder)
    with at_work(operator_of(quiet_plane, "races")), ThreadPoolExecutor(2 * RACES) as runners:
        expirations = [runners.submit(track.run, n, lambda status: status.expiration_time, MORE) for n in range(RACES)]
        releases = [runners.submit(track.run, RACES + n, lambda status: status.release_time, MORE) for n in range(RACES)]
        first, second = [race.result() for race in expirations], [race.result() for race in releases]
        granted = sum(race.ended.periods for race in first + second)
        charged = wait_for("the account adds up", lambda: spent(admin) if spent(admin) == granted else None)
        yield Results(first, second, charged, granted)


def account(deposited: str) -> dict[str, object]:
    metadata = {"name": "all", "namespace": NAMESPACE}
    spec = {"currency": "CNY", "deposited": deposited}
    return {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": metadata, "spec": spec}


def spent(admin: Api) -> Decimal:
    body = admin.call("GET", f"/apis/{API_VERSION}/namespaces/{NAMESPACE}/prepaidaccounts/all")
    return Decimal(json.loads(body)["status"]["charged"])


def test_paid_before_the_expiration_is_never_recycled(results: Results) -> None:
    wrong = {race.name for race in results.at_expiration if race.when_paid.recycle_time is None and race.ended.stay != 0}
    assert wrong == set()


def test_paid_at_the_expiration_is_alive(results: Results) -> None:
    assert {race.ended.phase for race in results.at_expiration} <= {Phase.RUNNING, Phase.PENDING}


def test_paid_before_the_release_is_alive(results: Results) -> None:
    in_time = [race for race in results.at_release if race.when_paid.termination_time is None]
    assert {race.name for race in in_time if race.ended.termination_time is not None} == set()


def test_paid_after_the_release_is_not_charged(results: Results) -> None:
    late = [race for race in results.at_release if race.when_paid.termination_time is not None]
    assert {race.ended.periods for race in late} <= {1}


def test_the_deadlines_were_raced(results: Results, tell_reader: Callable[[str], None]) -> None:
    recycled = sum(race.when_paid.recycle_time is not None for race in results.at_expiration)
    ended = sum(race.when_paid.termination_time is not None for race in results.at_release)
    tell_reader(
        f"races: {RACES} at the expiration, {recycled} of them paid in the bin; {RACES} at the release, {ended} of them paid too late"
    )
    assert (recycled < RACES, ended < RACES) == (True, True)


def test_the_account_paid_for_just_what_was_granted(results: Results) -> None:
    assert results.charged == results.granted
