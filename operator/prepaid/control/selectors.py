"""The selectors of what looks ask for, said once: who asks for a list, and who takes one in for others, must mean the same."""

from collections.abc import Iterable
from typing import Final

from prepaid.api.marks import INSTANCE, INSTANCE_UID

NOBODYS: Final = f"!{INSTANCE}"
"""A label selector: what was made for no instance, as far as it says itself."""


def of_instances(names: Iterable[str]) -> str:
    """A label selector: what says that it belongs to one of these instances."""
    return f"{INSTANCE} in ({','.join(names)})"


def named(instance: str, *fields: str) -> str:
    """A field selector: the orders that name the instance, and what else is asked of them."""
    return ",".join([f"spec.instanceRef.name={instance}", *fields])


def of_uid(uid: str) -> str:
    """A label selector: what was made for the instance of this uid."""
    return f"{INSTANCE_UID}={uid}"
