"""What is announced before it happens, and when: the expiration in days, the release in hours (notices of the class).

A notice longer than the term or the stay itself says nothing and is passed over.
"""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.term import Term

DAY = 24


@dataclass(frozen=True)
class Reminder:
    """What to tell now, and when the next notice is due."""

    is_soon: bool
    events: tuple[Event, ...]
    next_time: Instant | None


def expiring_reminder(term: Term, sequence: int, now: Instant) -> Reminder:
    """Notices before the expiration; `sequence` tells one term's notices from the next one's."""
    hours = [days * DAY for days in term.terms.notices.before_expiration_days]
    message = f"The term ends at {term.expiration_time}; renew it by raising spec.purchasedPeriods."
    return reminder(hours, term.start_time, term.expiration_time, now, Event(Notice.EXPIRING_SOON, message, f"{sequence}"))


def release_reminder(facts: Facts, release_time: Instant) -> Reminder:
    """Notices before the end of the days in the bin."""
    hours = list(facts.term.terms.notices.before_release_hours)
    message = f"It is erased for good at {release_time}; renew it to recover it."
    return reminder(hours, facts.stay.recycle_time, release_time, facts.now, Event(Notice.RELEASE_SOON, message, f"{facts.status.stay}"))


def reminder(hours: list[int], start: Instant, end: Instant, now: Instant, event: Event) -> Reminder:
    """The notice that stands at `now`, of those that fit between start and end."""
    moments = {hour: end - TimeDelta(hours=hour) for hour in hours if end - TimeDelta(hours=hour) > start}
    passed = [hour for hour, moment in moments.items() if moment <= now < end]
    ahead = [moment for moment in moments.values() if moment > now]
    told = (Event(event.notice, event.message, f"{event.once}-{min(passed)}h"),) if passed else ()
    return Reminder(bool(passed), told, min(ahead, default=None))
