"""What a bin item tells its owner: what is happening, what it costs, what failed and why (api.md, RecycleBinItem)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from builders import DAY, DEAR, IN_BIN, RELEASE, Changes, account, instance_class, item, order, recycled, terminated, without_class
from living import at, carried_out, lived, pay, settled
from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import BinItemPhase, BinItemStatus, Disposition, RecycleBinItem
from prepaid.api.instance import Phase
from prepaid.lifecycle.actions import WriteItemStatus
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.item_status import item_to_tell
from prepaid.lifecycle.reasons import Reason
from prepaid.lifecycle.rules import decide

SOLD = instance_class(price=DEAR)
RECOVER = {"disposition": Disposition.RECOVER, "periods": 2}
TERMINATE = {"disposition": Disposition.TERMINATE, "confirm": "web-1"}
ALL_THE_SAME = "It is erased for good at 2026-06-08T10:00:00Z all the same."


def short(money: PrepaidAccount | None = None, spec: Changes = RECOVER) -> Facts:
    """A Recover of 240.00 yuan, and what there is to pay it with."""
    return recycled(sold=SOLD, account=money, item=item(spec))


def item_of(facts: Facts) -> RecycleBinItem:
    assert facts.seen.item is not None
    return facts.seen.item


def told(facts: Facts) -> tuple[str, str, str]:
    """The one condition of its item: type, reason, sentence."""
    (said,) = item_of(facts).status.conditions
    return said.type, said.reason, said.message


def said_anew(facts: Facts, spec: Changes) -> Facts:
    """After its owner changed the item: a new generation."""
    old = item_of(facts)
    metadata = old.metadata.model_copy(update={"generation": old.metadata.generation + 1})
    return replace(
        facts, seen=replace(facts.seen, item=old.model_copy(update={"metadata": metadata, "spec": old.spec.model_copy(update=dict(spec))}))
    )


@pytest.mark.parametrize(
    ("money", "reason", "sentence"),
    [
        pytest.param(
            account("180.00"), Reason.INSUFFICIENT_FUNDS, "Account default lacks 60.00 CNY: 2 periods cost 240.00 CNY.", id="too little"
        ),
        pytest.param(None, Reason.NO_ACCOUNT, "There is no PrepaidAccount default; a cashier must make it.", id="no account"),
    ],
)
def test_a_recover_without_money_waits_and_says_what_is_missing(money: PrepaidAccount | None, reason: Reason, sentence: str) -> None:
    waiting = lived(short(money))
    assert told(waiting) == ("Recovered", reason, f"{sentence} {ALL_THE_SAME}")
    assert (item_of(waiting).status.phase, waiting.status.phase) == (BinItemPhase.RECOVERING, Phase.RECYCLED)


def test_a_waiting_recover_names_its_order() -> None:
    waiting = lived(short(account("0")))
    (asked,) = waiting.seen.orders
    named = item_of(waiting).status.order
    assert named is not None
    assert named.uid == asked.metadata.uid


def test_a_waiting_recover_is_not_acted_on_yet() -> None:
    assert item_of(lived(short(account("0")))).status.observed_generation == 0


def test_what_waits_is_written_once() -> None:
    waiting = lived(short(account("0")))
    assert decide(at(IN_BIN + DAY, waiting)).actions == ()


def test_a_deposit_that_does_not_suffice_is_told() -> None:
    waiting = lived(short(account("0")))
    richer = settled(replace(waiting, seen=replace(waiting.seen, account=account("239.99"))))
    assert told(richer)[2].startswith("Account default lacks 0.01 CNY")


def test_a_deposit_that_suffices_recovers_and_takes_the_item_out() -> None:
    waiting = lived(short(account("0")))
    paid = lived(replace(waiting, seen=replace(waiting.seen, account=account("240.00"))))
    assert (paid.status.phase, paid.seen.item) == (Phase.RUNNING, None)


def test_the_release_time_stands_for_a_recover_that_waits() -> None:
    waiting = lived(short(account("0")))
    assert lived(at(RELEASE, waiting)).status.termination_time == RELEASE


def test_back_to_retain_cancels_what_has_not_begun() -> None:
    back = lived(said_anew(lived(short(account("0"))), {"disposition": Disposition.RETAIN}))
    assert item_of(back).status == BinItemStatus()
    assert back.seen.orders == ()
    after = lived(replace(back, seen=replace(back.seen, account=account("999.00"))))
    assert (after.status.phase, after.status.periods) == (Phase.RECYCLED, 1)


def test_back_to_retain_does_not_stop_a_payment_that_was_made() -> None:
    begun = pay(settled(short(account("240.00"))))
    assert begun.status.intent is not None
    back = lived(said_anew(begun, {"disposition": Disposition.RETAIN}))
    assert (back.status.phase, back.status.periods, back.seen.item) == (Phase.RUNNING, 3, None)


def test_a_payment_accepted_before_the_door_wins_over_a_terminate() -> None:
    begun = pay(settled(short(account("240.00"))))
    condemned = lived(said_anew(begun, TERMINATE))
    assert (condemned.status.phase, condemned.status.termination_time) == (Phase.RUNNING, None)


def test_an_order_of_the_owner_that_can_be_paid_wins_over_a_terminate() -> None:
    facts = recycled(sold=SOLD, account=account("120.00"), item=item(TERMINATE), orders=(order(),))
    assert lived(facts).status.phase is Phase.RUNNING


def test_a_recover_without_money_gives_way_to_a_terminate() -> None:
    condemned = lived(said_anew(lived(short(account("0"))), TERMINATE))
    assert condemned.status.termination_time == IN_BIN


def test_a_recover_that_was_turned_down_says_why_until_it_is_said_anew() -> None:
    dear = {**RECOVER, "max_amount": Decimal(1)}
    refused = lived(short(account("999.00"), dear))
    way_out = "To ask the same again, set spec.disposition to Retain, then to Recover."
    assert told(refused) == ("Recovered", Reason.MAX_AMOUNT, f"It costs 240.00 CNY, more than the 1 that it may cost. {way_out}")
    assert (item_of(refused).status.phase, item_of(refused).status.observed_generation) == (BinItemPhase.RECYCLED, 1)
    assert item_of(lived(said_anew(refused, {"disposition": Disposition.RETAIN}))).status.conditions == ()


def test_while_its_class_is_missing_a_recover_says_that_nothing_is_erased() -> None:
    waiting = settled(without_class(short(account("999.00"))))
    assert told(waiting)[1] == Reason.CLASS_MISSING
    assert told(waiting)[2].endswith("Nothing is erased until that is decided.")


@pytest.mark.parametrize(
    "at_rest",
    [
        pytest.param(item(), id="nothing is asked for"),
        pytest.param(item(TERMINATE, {"phase": BinItemPhase.TERMINATING}), id="it is locked"),
        pytest.param(item(RECOVER, {"phase": BinItemPhase.TERMINATING}), id="it is locked, with a Recover"),
        pytest.param(item(uid="another"), id="it is another's"),
        pytest.param(None, id="it is not there"),
    ],
)
def test_what_has_nothing_to_tell_costs_no_write(at_rest: RecycleBinItem | None) -> None:
    assert item_to_tell(recycled(sold=SOLD, item=at_rest), RELEASE) is None


def test_the_lock_says_who_opened_the_door() -> None:
    facts = recycled(item=item(TERMINATE))
    after = carried_out(decide(facts), facts)
    assert told(after) == ("Terminated", Reason.ERASING, "Its owner terminated it; its data is being erased.")


def test_the_receipt_says_what_was_erased() -> None:
    facts = replace(terminated(), seen=replace(terminated().seen, item=item(status={"phase": BinItemPhase.TERMINATING})))
    (action,) = decide(facts).actions[:1]
    assert isinstance(action, WriteItemStatus)
    (said,) = action.item.status.conditions
    assert (action.item.status.phase, said.type, said.status, said.message) == (
        BinItemPhase.TERMINATED,
        "Terminated",
        "True",
        "Erased: all of it.",
    )
