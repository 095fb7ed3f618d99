"""How long before a moment something is due, on the local calendar for days and longer."""

from whenever import Instant

from prepaid.api.terms import Lead, Unit


def lead_before(moment: Instant, lead: Lead, time_zone: str) -> Instant:
    """The moment `lead` earlier, in whole seconds."""
    match lead.unit:
        case Unit.HOUR:
            return moment.subtract(hours=lead.count)
        case Unit.MINUTE:
            return moment.subtract(minutes=lead.count)
        case Unit.SECOND:
            return moment.subtract(seconds=lead.count)
        case Unit.DAY:
            return moment.to_tz(time_zone).subtract(days=lead.count).to_instant()
        case Unit.WEEK:
            return moment.to_tz(time_zone).subtract(weeks=lead.count).to_instant()
        case Unit.MONTH:
            return moment.to_tz(time_zone).subtract(months=lead.count).to_instant()
