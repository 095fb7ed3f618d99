"""Which instances a command is about: named, selected by labels, or all. A name that does not exist is a sentence with the nearest one."""

from collections.abc import Iterable
from difflib import get_close_matches

from prepaid.api.instance import PrepaidInstance
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure
from prepaid.cli.options import Choice
from prepaid.cli.session import Session
from prepaid.cluster.errors import Refused


async def all_or_chosen(which: Choice, here: Session) -> list[PrepaidInstance]:
    """Those named, or those with the labels; without either all. Raises Failure and ClusterError."""
    names, selector = which.names, which.selector
    if names and selector:
        raise Failure("Name instances or select them with -l, not both.", ExitCode.USAGE)
    try:
        found = await here.cluster.all(PrepaidInstance, here.namespace, selector)
    except Refused as error:
        if selector and error.reason == "BadRequest":
            said = f"-l {selector} cannot be read: {error}; write it as -l tier=web or -l 'tier in (web, db)'."
            raise Failure(said, ExitCode.USAGE) from None
        raise
    return in_order(names, found, here.place) if names else found


async def chosen(which: Choice, here: Session) -> list[PrepaidInstance]:
    """At least one, named or selected. Raises Failure and ClusterError."""
    if not which.names and not which.selector:
        raise Failure("Which ones? Name the instances, or select them by their labels with -l.", ExitCode.USAGE)
    found = await all_or_chosen(which, here)
    if not found:
        raise Failure(
            f"No PrepaidInstance {here.place} has the labels {which.selector}: look at them with `kubectl get ppi --show-labels`."
        )
    return found


def in_order(names: Iterable[str], found: Iterable[PrepaidInstance], place: str) -> list[PrepaidInstance]:
    """Each once, as named. Raises Failure for a name that is not there."""
    by_name = {one.metadata.name: one for one in found}
    asked = list(dict.fromkeys(names))
    missing = [name for name in asked if name not in by_name]
    if missing:
        raise Failure(not_there("PrepaidInstance", missing[0], by_name, place))
    return [by_name[name] for name in asked]


def not_there(kind: str, name: str, known: Iterable[str], place: str, look: str = "kubectl prepaid list") -> str:
    """Says what is missing, and what may have been meant, or which command shows what there is."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"`{look}` shows what there is."
    return f"There is no {kind} {name} {place}; {hint}"
