"""One structured line for each action that was performed; never a body (style.md 23)."""

import logging

from prepaid.api.instance import PrepaidInstance
from prepaid.lifecycle.actions import Action
from prepaid.lifecycle.decision import Decision

log = logging.getLogger("prepaid.instances")


def log_action(action: Action, instance: PrepaidInstance) -> None:
    log.info("%s for %s", type(action).__name__, where(instance))


def log_commit(decision: Decision, instance: PrepaidInstance) -> None:
    log.info("%s: %s, %s", where(instance), decision.phase.value, decision.message)


def where(instance: PrepaidInstance) -> str:
    return f"{instance.metadata.namespace}/{instance.metadata.name}"
