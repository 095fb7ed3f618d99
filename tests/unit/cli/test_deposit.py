"""A deposit whose answer was lost says how to go on without paying in twice."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from builders import account
from prepaid.cli.deposit import Payment, no_account, outcome, paid_in, told_in_numbers
from prepaid.cli.failures import Failure
from prepaid.cli.session import Session
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Unavailable
from prepaid.cluster.transport import Answer, Request
from prepaid.lifecycle.template import merge_patch

ALREADY = "Receipt r-7 is paid in already: nothing was paid in now, 100.00 so far; if this is another deposit, use another --receipt."
PAYMENT = Payment("default", Decimal("5.00"), "r-7")


@dataclass
class Line:
    """A server that keeps one account, behind a line on which `lost` answers to writes do not come back, nor arrive if deaf."""

    lost: int
    body: dict[str, Any] = field(default_factory=lambda: account("100.00").to_manifest())
    writes: int = 0
    is_deaf: bool = False

    async def call(self, request: Request) -> Answer:
        if request.method == "GET":
            return Answer(self.body)
        self.writes += 1
        self.body = self.body if self.is_deaf else merge_patch(self.body, request.body)
        if self.writes <= self.lost:
            raise Unavailable("the line broke")
        return Answer(self.body)

    def stream(self, request: Request) -> Any:  # noqa: ANN401
        raise AssertionError(request)


async def test_an_answer_that_was_lost_pays_in_once() -> None:
    line = Line(lost=1)
    is_new, after = await paid_in(PAYMENT, Session(Cluster(line, Clock()), "team-a"))
    assert (is_new, after.spec.deposited, line.writes) == (True, Decimal("105.00"), 1)


async def test_a_receipt_that_was_there_before_pays_in_nothing() -> None:
    here = Session(Cluster(Line(lost=0), Clock()), "team-a")
    (is_new, _), (is_new_again, after) = await paid_in(PAYMENT, here), await paid_in(replace(PAYMENT, amount=Decimal(7)), here)
    assert (is_new, is_new_again, after.spec.deposited) == (True, False, Decimal("105.00"))


async def test_a_line_that_stays_broken_names_the_receipt() -> None:
    with pytest.raises(Failure, match="say the same again with --receipt r-7"):
        await paid_in(PAYMENT, Session(Cluster(Line(lost=99, is_deaf=True), Clock()), "team-a"))


@pytest.mark.parametrize(
    ("known", "hint"),
    [
        pytest.param(["default"], "in namespace team-a; did you mean default?", id="a typo"),
        pytest.param(["quite-another"], "in namespace team-a; `kubectl get ppa -n team-a` shows what there is.", id="nothing near"),
        pytest.param([], "in namespace team-a: choose another namespace with -n, or make defautl with", id="none at all"),
    ],
)
def test_an_account_that_is_not_there(known: list[str], hint: str) -> None:
    assert hint in no_account("defautl", known, Session(Cluster(Line(lost=0), Clock()), "team-a"))


@pytest.mark.parametrize(
    ("is_new", "is_rehearsal", "sentence"),
    [
        pytest.param(True, False, "Paid in 5.00 CNY: 100.00 so far.", id="paid in"),
        pytest.param(True, True, "Would pay in 5.00 CNY: 100.00 so far.", id="rehearsed"),
        pytest.param(False, False, ALREADY, id="before"),
    ],
)
def test_what_is_said(is_new: bool, is_rehearsal: bool, sentence: str) -> None:
    assert outcome(PAYMENT, account("100.00"), is_new=is_new, is_rehearsal=is_rehearsal) == sentence


@pytest.mark.parametrize(
    ("is_new", "said"),
    [
        pytest.param(True, {"paidIn": True, "repeated": False, "amount": "5.00"}, id="paid in"),
        pytest.param(False, {"paidIn": False, "repeated": True, "amount": "0"}, id="paid in before"),
    ],
)
def test_a_deposit_is_told_in_numbers(is_new: bool, said: dict[str, object]) -> None:
    told = told_in_numbers(PAYMENT, account("100.00"), is_new=is_new, is_rehearsal=False)
    assert told == {"receipt": "r-7", "account": "default", "deposited": "100.00", "currency": "CNY", **said}
