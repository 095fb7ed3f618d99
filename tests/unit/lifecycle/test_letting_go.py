"""Whom an order still concerns (architecture.md, "The purchase protocol", step 6)."""

from decimal import Decimal

import pytest

from builders import MIDTERM, OTHER_UID, UID, account, instance, intent, order, running, terminated
from prepaid.api.account import PurchaseOutcome, PurchaseRecord
from prepaid.api.instance import InstanceStatus, PrepaidInstance
from prepaid.api.intent import Intent, IntentState
from prepaid.api.order import OrderInstanceRef, OrderPhase, RenewalOrder, RenewalOrderStatus
from prepaid.lifecycle.letting_go import has_entry_of, is_in_flight, is_needed

SETTLED = RenewalOrderStatus(phase=OrderPhase.SETTLED, sequence=1)
VANISHING = order(status=SETTLED, deletion_timestamp=MIDTERM)
OF_ANY_UID = {"instance_ref": OrderInstanceRef(name="web-1")}


@pytest.mark.parametrize(
    ("asked", "purchase", "is_so"),
    [
        pytest.param(order(), None, False, id="nothing is in flight"),
        pytest.param(order(), intent(), True, id="it is paid"),
        pytest.param(order("another"), intent(), False, id="another one is paid"),
        pytest.param(order(), intent(state=IntentState.GRANTED), True, id="it is granted"),
        pytest.param(order(status=SETTLED), intent(state=IntentState.GRANTED), False, id="it is granted and settled"),
        pytest.param(order(status=RenewalOrderStatus(phase=OrderPhase.REJECTED)), intent(state=IntentState.REFUSED), True, id="refused"),
    ],
)
def test_whether_an_instance_is_busy_with_it(asked: RenewalOrder, purchase: Intent | None, is_so: bool) -> None:
    assert is_in_flight(asked, instance(InstanceStatus(intent=purchase))) is is_so


@pytest.mark.parametrize(
    ("asked", "one", "is_so"),
    [
        pytest.param(VANISHING, running().instance, True, id="deleted in flight, and its instance lives"),
        pytest.param(order(status=SETTLED), running().instance, False, id="never deleted"),
        pytest.param(order(status=SETTLED, deletion_timestamp=MIDTERM, finalizers=()), running().instance, False, id="not taken"),
        pytest.param(order(deletion_timestamp=MIDTERM), running().instance, False, id="not settled"),
        pytest.param(VANISHING, terminated().instance, False, id="its instance is terminated"),
        pytest.param(VANISHING, instance(metadata={"uid": OTHER_UID}), False, id="its instance is another one"),
        pytest.param(VANISHING, None, False, id="its instance is no more"),
    ],
)
def test_whether_it_tells_what_a_living_instance_has_paid_for(asked: RenewalOrder, one: PrepaidInstance | None, is_so: bool) -> None:
    assert is_needed(asked, one) is is_so


@pytest.mark.parametrize(
    ("asked", "uid", "sequence", "is_so"),
    [
        pytest.param(VANISHING, UID, 1, True, id="its own purchase"),
        pytest.param(VANISHING, UID, 2, False, id="a later purchase"),
        pytest.param(VANISHING, OTHER_UID, 1, False, id="another instance's"),
        pytest.param(order(status=SETTLED, spec=OF_ANY_UID), OTHER_UID, 1, True, id="perhaps: it names no uid"),
    ],
)
def test_whether_an_account_holds_its_purchase(asked: RenewalOrder, uid: str, sequence: int, is_so: bool) -> None:
    entry = PurchaseRecord(sequence=sequence, outcome=PurchaseOutcome.APPLIED, amount=Decimal("10.00"))
    assert has_entry_of(account(purchases={uid: entry}), asked) is is_so
