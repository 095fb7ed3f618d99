"""The mark on what living instances depend on: their class, their account, their namespace. Admission policies read it before a deletion.

On our own kinds it is a condition: a label would be lost in a `kubectl replace`, and the deletion after it would pass. A namespace has
no condition of ours: it carries a label, which the policies guard.
"""

from typing import Final

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance_class import InstanceClass
from prepaid.api.marks import IN_USE
from prepaid.api.resource import Condition
from prepaid.lifecycle.actions import Action, MarkInUse, PatchObject
from prepaid.lifecycle.applying import is_balanced
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import LiveObject, Manifest
from prepaid.lifecycle.purchasing import payable
from prepaid.lifecycle.reasons import Reason

CONDITION: Final = "InUse"
SENTENCES: Final = {True: "Living instances depend on it: it cannot be deleted.", False: "No living instance depends on it."}
Dependence = InstanceClass | PrepaidAccount


def is_in_use(what: Dependence) -> bool:
    return any(known.type == CONDITION and known.status == "True" for known in what.status.conditions)


def may_be_marked(what: Dependence) -> bool:
    """Whoever writes an account's status says that it adds up: one that the cashier has still to open, or to balance, waits for that."""
    return isinstance(what, InstanceClass) or is_balanced(what)


def in_use(what: Dependence, is_so: bool, now: Instant) -> Dependence:
    """The same, with the condition on or off; every other condition as it was."""
    reason = Reason.HAS_INSTANCES if is_so else Reason.NO_INSTANCES
    mark = Condition(type=CONDITION, status="True" if is_so else "False", reason=reason, message=SENTENCES[is_so], last_transition_time=now)
    others = [known for known in what.status.conditions if known.type != CONDITION]
    if isinstance(what, InstanceClass):
        return what.model_copy(update={"status": what.status.model_copy(update={"conditions": (*others, mark)})})
    return what.model_copy(update={"status": what.status.model_copy(update={"conditions": (*others, mark)})})


def is_marked_home(home: LiveObject) -> bool:
    return IN_USE in home.metadata.labels


def home_patch(is_so: bool) -> Manifest:
    """What a namespace's label is merged with."""
    return {"metadata": {"labels": {IN_USE: "true" if is_so else None}}}


def marks_to_set(facts: Facts) -> tuple[Action, ...]:
    """What is still missing of the marks; what is not there, or was not looked at, is not marked. The account's is the cashier's."""
    sold, home = facts.seen.sold, facts.seen.home
    of_class = (MarkInUse(sold),) if sold and not is_in_use(sold) else ()
    of_home = (PatchObject(home, home_patch(True)),) if home and not is_marked_home(home) else ()
    return (*of_class, *of_home)


def lacks_marks(facts: Facts) -> bool:
    """Before the first intent, what the instance will depend on is marked."""
    return facts.status.intent is None and payable(facts) is not None and bool(marks_to_set(facts))
