"""The story of one instance as lines: what it is, its term, the bin, money, attachments, what comes next, events."""

from collections.abc import Iterable, Iterator, Sequence

from prepaid.api.order import RenewalOrder
from prepaid.cli.bin import Lying, is_in_bin, price_of_recovery, time_left
from prepaid.cli.history import amount, why
from prepaid.cli.listing import phase, price_of
from prepaid.cli.listing import time_left as term_left
from prepaid.cli.listing import why as standing
from prepaid.cli.printing import aligned
from prepaid.lifecycle.applying import balance
from prepaid.lifecycle.bin_items import effective_release_time
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.ordering import place_in_ledger
from prepaid.lifecycle.quoting import quote
from prepaid.lifecycle.remains import called, erased_at_the_end, lives_on
from prepaid.lifecycle.showing_resources import attachment_standing

Pairs = Iterable[tuple[str, str]]
ORDER_TITLES = ["ORDERED", "SOURCE", "PERIODS", "RESULT", "AMOUNT", "UNTIL", "WHY"]


def sections(facts: Facts, orders: Sequence[RenewalOrder], events: Sequence[LiveObject] | None) -> Iterator[str]:
    """All lines. `events` is None where they may not be read."""
    yield from section("", what_it_is(facts))
    yield from section("Term", term(facts))
    if is_in_bin(facts):
        yield from section("Recycle Bin", in_the_bin(facts))
    yield from section("Attachments", attachments(facts))
    yield from table("Orders", ORDER_TITLES, map(order_row, sorted(orders, key=place_in_ledger)))
    if events is None:
        yield from ("", "Events: you may not read them.")
    else:
        yield from table("Events", ["TIME", "REASON", "MESSAGE"], map(event_row, events))


def section(title: str, pairs: Pairs) -> Iterator[str]:
    lines = aligned([[f"{name}:", value] for name, value in pairs])
    yield from ("", title) if title else ()
    yield from (f"  {line}" if title else line for line in lines)


def table(title: str, titles: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    found = list(rows)
    yield from ("", title)
    yield from (f"  {line}" for line in (aligned([titles, *found]) if found else ["none"]))


def what_it_is(facts: Facts) -> Pairs:
    own, spec, account = facts.instance.metadata, facts.instance.spec, facts.seen.account
    purse = f", balance {balance(account)} {account.spec.currency}" if account else ", which is not there"
    return (
        ("Name", f"{own.namespace}/{own.name}"),
        ("Class", f"{spec.instance_class}, {price_of(facts)}"),
        ("Account", f"{spec.account}{purse}"),
        ("Phase", phase(facts)),
        ("Standing", standing(facts)),
        ("Next", what_comes_next(facts)),
    )


def what_comes_next(facts: Facts) -> str:
    known = facts.status.next_action
    if known is None:
        return ""
    return f"{known.type.value} at {known.time}" if known.time else known.type.value


def term(facts: Facts) -> Pairs:
    status, spec = facts.status, facts.instance.spec
    return (
        ("Start", str(status.start_time or "")),
        ("Expiration", f"{status.expiration_time or '-'}" + (f" ({term_left(facts)} left)" if term_left(facts) else "")),
        ("Periods", f"{status.periods} granted; spec.purchasedPeriods is {spec.purchased_periods}"),
        ("Auto-renewal", "on" if spec.auto_renew else "off"),
        ("Wanted", "running" if spec.running else "stopped"),
    )


def in_the_bin(facts: Facts) -> Pairs:
    lying, item = Lying(facts, quote(facts, None)), facts.own_item
    said = next((known.message for known in item.status.conditions), "") if item else ""
    return (
        ("Since", str(facts.stay.recycle_time)),
        ("Release", f"{effective_release_time(facts)} ({time_left(lying)} left)"),
        ("Recover for", price_of_recovery(lying)),
        ("Asked", item.spec.disposition.value if item else ""),
        ("Answer", said),
        ("Will be erased", ", ".join(erased_at_the_end(facts.status))),
        ("Will stay", ", ".join(lives_on(facts.status))),
    )


def attachments(facts: Facts) -> Pairs:
    status = facts.status
    return (
        *((record.name, attachment_standing(record)) for record in status.attachments),
        ("Coming off", ", ".join(called(one.name, one.type) for one in status.pending_detachments)),
        ("Taken off", ", ".join(called(one.name, one.type) for one in status.detached_attachments)),
    )


def order_row(order: RenewalOrder) -> list[str]:
    result = order.status.phase.value if order.status.phase else "Pending"
    until, ordered = str(order.status.to_time or ""), str(order.metadata.creation_timestamp or "")
    return [ordered, order.spec.source.value, str(order.spec.periods), result, amount(order), until, why(order)]


def event_row(event: LiveObject) -> list[str]:
    return [str(event.at("lastTimestamp") or ""), str(event.at("reason") or ""), str(event.at("message") or "")]
