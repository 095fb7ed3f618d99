"""What a command says of an order, an item and an instance: done, refused and why, waiting for money, or nothing yet."""

from dataclasses import replace
from decimal import Decimal

import pytest

from builders import DEAR, IN_BIN, MIDTERM, SECOND_EXPIRATION, account, instance_class, item, new, order, recycled, running, terminated
from prepaid.api.bin_item import BinItemPhase, RecycleBinItem
from prepaid.api.order import OrderPhase, OrderSource, RenewalOrder, RenewalOrderStatus
from prepaid.api.resource import Condition
from prepaid.cli.purchases import plan_for
from prepaid.cli.recover import answer_of, recoverable
from prepaid.cli.renew import result_of
from prepaid.cli.results import Outcome, Result
from prepaid.cli.terminate import foreseen as terminate_foreseen
from prepaid.cli.terminate import settled_already, warning, word_for
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.item_status import ASK_AGAIN
from prepaid.lifecycle.owner_orders import Words
from prepaid.lifecycle.quoting import quote

SOLD = instance_class(price=DEAR)
RICH, POOR = account("999.00"), account("0")
RECOVER = Words(source=OrderSource.RECOVER)


def said(type_: str, reason: str, generation: int = 2) -> tuple[Condition, ...]:
    return (
        Condition(type=type_, status="False", reason=reason, message="why", observed_generation=generation, last_transition_time=MIDTERM),
    )


def with_status(**changes: object) -> RenewalOrder:
    return order("web-1-renew-0", RenewalOrderStatus().model_copy(update=changes))


RECOVERING = {"phase": BinItemPhase.RECOVERING}
PAID = {"phase": OrderPhase.SETTLED, "amount": Decimal("120.00"), "currency": "CNY", "to_time": SECOND_EXPIRATION}


@pytest.mark.parametrize(
    ("found", "money", "outcome"),
    [
        pytest.param(with_status(), RICH, None, id="nothing was said yet"),
        pytest.param(with_status(), POOR, None, id="nothing was said yet, and the money is not there"),
        pytest.param(with_status(), None, Outcome.WAITING, id="without an account nobody says anything"),
        pytest.param(with_status(conditions=said("Settled", "InsufficientFunds")), RICH, Outcome.WAITING, id="it lacks money"),
        pytest.param(with_status(phase=OrderPhase.REJECTED, conditions=said("Settled", "MaxAmount")), RICH, Outcome.REFUSED, id="rejected"),
        pytest.param(with_status(**PAID), RICH, Outcome.DONE, id="settled"),
    ],
)
def test_what_becomes_of_an_order(found: RenewalOrder, money: object, outcome: Outcome | None) -> None:
    result = result_of(found, quote(running(sold=SOLD, account=money), 1))
    assert (result.outcome if result else None) is outcome


def test_a_settled_order_tells_what_was_paid_and_until_when() -> None:
    result = result_of(with_status(**PAID), quote(running(sold=SOLD, account=RICH), 1))
    assert result is not None
    assert (result.message, result.amount) == ("paid 120.00 CNY; the term runs until 2026-07-01T10:00:00Z", Decimal("120.00"))


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        pytest.param(item(), None, id="nothing was said yet"),
        pytest.param(item(status={"conditions": said("Recovered", "InsufficientFunds")}), Outcome.WAITING, id="it lacks money"),
        pytest.param(item(status={"conditions": said("Recovered", "NoAccount")}), Outcome.WAITING, id="it has no account"),
        pytest.param(item(status={"conditions": said("Recovered", "MaxAmount")}), Outcome.REFUSED, id="it costs more"),
        pytest.param(item(status={"conditions": said("Recovered", "MaxAmount", 1)}), None, id="an answer to an earlier word"),
        pytest.param(
            item(status={"phase": BinItemPhase.RECOVERING, "conditions": said("Recovered", "ClassMissing")}),
            None,
            id="it cannot be decided",
        ),
        pytest.param(item(status={"phase": BinItemPhase.TERMINATING}), Outcome.REFUSED, id="it is being terminated"),
    ],
)
def test_what_an_item_answers(found: RecycleBinItem, outcome: Outcome | None) -> None:
    result = answer_of(found, "web-1", 2)
    assert (result.outcome if result else None) is outcome


def test_a_refusal_is_told_without_the_words_for_kubectl() -> None:
    (why,) = said("Recovered", "MaxAmount")
    refused = item(status={"conditions": (why.model_copy(update={"message": f"It costs more.{ASK_AGAIN}"}),)})
    assert answer_of(refused, "web-1", 2) == Result("web-1", Outcome.REFUSED, "It costs more.")


def test_what_runs_is_not_recovered() -> None:
    purchase = recoverable([running(sold=SOLD, account=RICH)], [], RECOVER)
    assert (purchase.quotes, [one.outcome for one in purchase.known]) == ((), [Outcome.REFUSED])


def test_what_was_recovered_by_the_same_words_is_done() -> None:
    bought = order("web-1-0a1b2c3d-1", RenewalOrderStatus(**PAID, settled_time=MIDTERM), {"source": OrderSource.RECOVER})
    purchase = recoverable([running(sold=SOLD, account=RICH)], [bought], RECOVER)
    assert [(one.outcome, "--again" in one.message) for one in purchase.known] == [(Outcome.DONE, False)]


@pytest.mark.parametrize("facts", [running(sold=SOLD, account=RICH), terminated(), new(sold=SOLD, account=RICH)])
def test_what_a_renewal_has_bought_is_no_recovery(facts: Facts) -> None:
    bought = order("web-1-renew-0", RenewalOrderStatus(**PAID, settled_time=facts.now))
    (known,) = recoverable([facts], [bought], RECOVER).known
    assert (known.outcome, "not in the Recycle Bin" in known.message) == (Outcome.REFUSED, True)


def test_what_is_terminated_is_refused_even_if_it_was_bought_a_moment_ago() -> None:
    bought = order("web-1-renew-0", RenewalOrderStatus(**PAID, settled_time=terminated().now))
    (known,) = plan_for([terminated()], [bought], Words()).known
    assert (known.outcome, known.message) == (Outcome.REFUSED, "It was terminated; make a new one.")


@pytest.mark.parametrize(
    ("words", "outcome", "start"),
    [
        pytest.param(Words(), Outcome.DONE, "bought at ", id="sent"),
        pytest.param(Words(is_rehearsal=True), Outcome.REHEARSED, "nothing would be bought: it was bought at ", id="rehearsed"),
    ],
)
def test_a_repeat_of_a_renewal_says_how_to_buy_once_more(words: Words, outcome: Outcome, start: str) -> None:
    bought = order("web-1-renew-0", RenewalOrderStatus(**PAID, settled_time=MIDTERM))
    (known,) = plan_for([running(sold=SOLD, account=RICH)], [bought], words).known
    assert (known.outcome, known.message.startswith(start), "--again buys once more" in known.message) == (outcome, True, True)


def test_what_lies_in_the_bin_is_quoted() -> None:
    purchase = recoverable([recycled(IN_BIN, sold=SOLD, account=RICH)], [], RECOVER)
    assert ([one.amount for one in purchase.quotes], purchase.known) == ([Decimal("120.00")], ())


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        pytest.param(running(), Outcome.REFUSED, id="its term runs"),
        pytest.param(new(), Outcome.REFUSED, id="it was never bought"),
        pytest.param(terminated(), Outcome.DONE, id="it is terminated already"),
        pytest.param(recycled(), None, id="it is in the bin"),
    ],
)
def test_what_can_be_terminated(facts: Facts, outcome: Outcome | None) -> None:
    result = settled_already(facts)
    assert (result.outcome if result else None) is outcome


def test_before_the_end_it_says_what_goes_and_what_must_be_typed() -> None:
    doomed = [recycled()]
    assert "web-1: erased for good: PersistentVolumeClaim data-web-1-0\nweb-1: lives on: nothing" in warning(doomed)
    assert (word_for(doomed), word_for(doomed * 2)) == ("web-1", "2")


def test_elastic_resources_live_on() -> None:
    facts = recycled()
    status = facts.status.model_validate({**facts.status.to_manifest(), "detachedAttachments": [{"name": "eip-1", "type": "ElasticIP"}]})
    named = replace(facts, instance=facts.instance.model_copy(update={"status": status}))
    assert "web-1: lives on: ElasticIP eip-1 (charged while idle, until you delete it)" in warning([named])


def test_a_rehearsed_end_says_what_goes_and_what_stays() -> None:
    known = terminate_foreseen(recycled())
    assert known.line == "web-1: would be done: erased for good: PersistentVolumeClaim data-web-1-0; lives on: nothing"
