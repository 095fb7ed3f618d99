"""`prepaid list`: the instances, their terms and what comes next."""

from prepaid.api.money import write_amount
from prepaid.cli.choosing import all_or_chosen
from prepaid.cli.durations import in_words
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.looking import look_at
from prepaid.cli.options import Choice, View
from prepaid.cli.printing import Column, show
from prepaid.cli.session import Session, run
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.reasons import Problem


def list_instances(
    which: Choice,
    view: View,
) -> None:
    """Show instances: phase, end of the term, time left, what comes next."""

    async def work(here: Session) -> ExitCode:
        found = await all_or_chosen(which, here)
        show(await look_at(found, here), columns(view.everywhere), view.output, f"No instances {here.place}.")
        return ExitCode.DONE

    run(view.target, work)


def columns(with_namespace: bool) -> list[Column[Facts]]:
    return [
        Column("namespace", lambda facts: facts.instance.metadata.namespace, is_wide=not with_namespace),
        Column("name", lambda facts: facts.instance.metadata.name),
        Column("phase", phase),
        Column("expires", expires),
        Column("left", time_left),
        Column(
            "auto",
            lambda facts: "yes" if facts.instance.spec.auto_renew else "no",
            fields=lambda facts: {"auto": facts.instance.spec.auto_renew},
        ),
        Column("next", what_comes_next),
        Column("class", lambda facts: facts.instance.spec.instance_class, is_wide=True),
        Column("price", price_of, is_wide=True, fields=price_fields),
        Column("account", lambda facts: facts.instance.spec.account, is_wide=True),
        Column("why", why, is_wide=True),
    ]


def phase(facts: Facts) -> str:
    return facts.status.phase.value if facts.status.phase else "Pending"


def expires(facts: Facts) -> str:
    return str(facts.status.expiration_time or "")


def time_left(facts: Facts) -> str:
    """Until the expiration; nothing once it is over."""
    end = facts.status.expiration_time
    return in_words((end - facts.now).total("seconds")) if end and end > facts.now else ""


def what_comes_next(facts: Facts) -> str:
    known = facts.status.next_action
    return known.type.value if known else ""


def price_of(facts: Facts) -> str:
    """One period, as the class sells it now."""
    terms = facts.seen.terms_on_offer
    if isinstance(terms, Problem):
        return "?"
    count, unit = terms.period.count, terms.period.unit.value.lower()
    return f"{terms.price} {terms.currency} for {count} {unit}{'' if count == 1 else 's'}"


def price_fields(facts: Facts) -> dict[str, str | None]:
    """The same for JSON and YAML; null where the class cannot be read."""
    terms = facts.seen.terms_on_offer
    if isinstance(terms, Problem):
        return {"price": None, "currency": None, "period": None}
    return {"price": write_amount(terms.price), "currency": terms.currency, "period": f"{terms.period.count} {terms.period.unit.value}"}


def why(facts: Facts) -> str:
    """The sentence of its condition Ready."""
    return next((known.message for known in facts.status.conditions if known.type == "Ready"), "")
