"""After all attacks: the operator works for everybody else as if nothing had been."""

import pytest

from cluster.apiserver import CLAIMS, CLASSES, ITEMS
from cluster.attacks.siege import LONG, SHORT, Siege
from cluster.waiting import wait_for
from prepaid.api.instance import Phase


@pytest.fixture(autouse=True)
def _nothing_has_changed() -> None:
    """Here something may: the siege is over."""


def test_a_bystander_lives_its_whole_life(siege: Siege) -> None:
    life = siege.scene.buy("bystander", SHORT)
    life.until_phase(Phase.RUNNING)
    life.until_phase(Phase.TERMINATED)
    wait_for("its receipt", lambda: life.need(ITEMS)["status"]["phase"] == "Terminated")
    assert life.find(CLAIMS, "data-bystander-0") is None


def test_the_target_still_has_its_data(siege: Siege) -> None:
    assert (siege.target.see().has_note, siege.target.see().claim_phase) == (True, "Bound")


def test_the_owner_still_recovers_the_one_in_the_bin(siege: Siege) -> None:
    siege.alice.merge(ITEMS, siege.scene.namespace, "web-2", {"spec": {"disposition": "Recover", "periods": 600}})
    siege.binned.until("recovered", lambda status: status.recycle_time is None and status.periods > 1)


def test_what_nothing_living_depends_on_may_go(siege: Siege) -> None:
    """The bystander is Terminated: the sweep has taken the mark off its class. Those who live keep theirs."""
    wait_for("the class is free", lambda: not says_in_use(siege, SHORT))
    siege.platform.delete(CLASSES, "", SHORT)
    assert says_in_use(siege, LONG)


def says_in_use(siege: Siege, name: str) -> bool:
    found = siege.admin.get(CLASSES, "", name)
    assert found is not None
    return any(known["type"] == "InUse" and known["status"] == "True" for known in found["status"]["conditions"])
