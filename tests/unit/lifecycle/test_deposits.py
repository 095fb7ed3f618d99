"""A receipt pays in once."""

from decimal import Decimal

import pytest

from builders import MIDTERM, account
from prepaid.api.account import PrepaidAccount
from prepaid.lifecycle.deposits import deposit, is_paid_in, receipt_for


def with_receipts(*receipts: str) -> PrepaidAccount:
    known = account("100.00")
    return known.model_copy(update={"spec": known.spec.model_copy(update={"receipts": receipts})})


def test_the_total_and_the_receipt_go_in_one_write() -> None:
    assert deposit(with_receipts("r-1"), Decimal("20.50"), "r-2") == {"spec": {"deposited": "120.50", "receipts": ["r-1", "r-2"]}}


def test_the_last_hundred_receipts_are_kept() -> None:
    receipts = deposit(with_receipts(*(f"r-{number}" for number in range(100))), Decimal(1), "r-100")["spec"]["receipts"]
    assert (len(receipts), receipts[0], receipts[-1]) == (100, "r-1", "r-100")


@pytest.mark.parametrize(("receipt", "is_known"), [("r-1", True), ("r-2", False)])
def test_a_receipt_that_was_paid_in_is_known(receipt: str, is_known: bool) -> None:
    assert is_paid_in(with_receipts("r-1"), receipt) is is_known


def test_a_receipt_of_our_own_tells_its_day() -> None:
    assert receipt_for("0a1b", MIDTERM) == "r-20260515-0a1b"
