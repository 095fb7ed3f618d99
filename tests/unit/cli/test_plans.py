"""Before money moves, what it comes to is shown; in a rehearsal as well, and there nobody is asked."""

from decimal import Decimal
from typing import Any

import pytest

from builders import DEAR, account, instance_class, recycled, running
from prepaid.cli.failures import Failure
from prepaid.cli.purchases import Purchase, confirm, foreseen
from prepaid.cli.recover import Recovery
from prepaid.cli.renew import Renewal
from prepaid.cli.results import Outcome
from prepaid.cli.session import Session
from prepaid.cli.terminate import Termination
from prepaid.cli.terminate import foreseen as end_foreseen
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.transport import Answer, Request
from prepaid.lifecycle.quoting import Quote, quote

SOLD = instance_class(price=DEAR)


def quoted(money: str) -> Quote:
    return quote(running(sold=SOLD, account=account(money)), 1)


@pytest.mark.parametrize("yes", [False, True], ids=["without --yes", "with --yes"])
def test_a_rehearsal_shows_the_bill_and_asks_nobody(yes: bool, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(Purchase((quoted("300.00"),), ()), yes=yes, is_rehearsal=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert all(words in shown.err for words in ("120.00 CNY", "2026-07-01T10:00:00Z", "It would cost 120.00 CNY in all."))


def test_without_yes_a_purchase_is_asked_for() -> None:
    with pytest.raises(Failure):
        confirm(Purchase((quoted("300.00"),), ()), yes=False, is_rehearsal=False)


def test_for_nothing_nobody_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    confirm(Purchase((quote(running(), 1),), ()), yes=False, is_rehearsal=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("purchase", [Purchase((), ()), Purchase((quoted("300.00"),), ())], ids=["nothing to buy", "with --yes"])
def test_what_needs_no_answer_shows_nothing(purchase: Purchase, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(purchase, yes=True, is_rehearsal=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("money", "outcome", "words"),
    [
        pytest.param("300.00", Outcome.REHEARSED, "the term would run until 2026-07-01T10:00:00Z", id="money enough"),
        pytest.param("20.00", Outcome.WAITING, "Account default lacks 100.00 CNY", id="too little money"),
    ],
)
def test_a_rehearsal_tells_what_it_would_cost(money: str, outcome: Outcome, words: str) -> None:
    known = foreseen(quoted(money))
    assert (known.outcome, known.amount, known.currency, words in known.message) == (outcome, Decimal("120.00"), "CNY", True)


def test_what_is_sent_knows_what_a_rehearsal_answers() -> None:
    here, in_time, in_bin = Session(Cluster(NoServer(), Clock()), "team-a"), quoted("20.00"), quote(recycled(sold=SOLD), 1)
    assert Renewal(here, in_time).task().foreseen == foreseen(in_time)
    assert Recovery(here, in_bin).task().foreseen == foreseen(in_bin)
    assert Termination(here, recycled()).task().foreseen == end_foreseen(recycled())


def test_what_waits_for_money_is_bought_later_unless_it_is_taken_back() -> None:
    here, quote_in_bin = Session(Cluster(NoServer(), Clock()), "team-a"), quote(recycled(sold=SOLD, account=account("0")), 1)
    later = "It is bought with the next deposit that suffices"
    order = quote_in_bin.order.metadata.name
    assert Renewal(here, quote_in_bin).task().way_back == (
        f"{later}, even if something else has recovered it by then; `kubectl delete rno {order} -n team-a` takes it back."
    )
    assert Recovery(here, quote_in_bin).task().way_back == (
        f'{later}; `kubectl patch rbi web-1 -n team-a --type merge -p \'{{"spec":{{"disposition":"Retain"}}}}\'` takes it back.'
    )
    assert Renewal(here, quoted("20.00")).task().way_back.startswith(f"{later}; `kubectl delete rno web-1-renew-")


class NoServer:
    """Nothing is asked of it."""

    async def call(self, request: Request) -> Answer:
        raise AssertionError(request)

    def stream(self, request: Request) -> Any:  # noqa: ANN401
        raise AssertionError(request)
