"""What may not be done on an instance that was seen before the rest: anything that is not conditional on it."""

from dataclasses import replace

import pytest

from builders import EXPIRATION, item, live, running
from prepaid.control.instances import touches_anything
from prepaid.lifecycle.actions import DropItem
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.rules import decide

STRAY = item(uid="another", metadata={"creation_timestamp": EXPIRATION.subtract(hours=24 * 365)})
FACTS = running()
AT_REST = replace(decide(FACTS), actions=())


@pytest.mark.parametrize(
    ("facts", "touches"),
    [
        pytest.param(FACTS, False, id="nothing but its own status may be written"),
        pytest.param(running(intruders=(live("Pod", "rescue", "p"),)), True, id="a pod of nobody's is put out"),
        pytest.param(running(item=STRAY), True, id="an item of another is reported"),
    ],
)
def test_what_is_told_beside_a_decision_touches_something_else(facts: Facts, touches: bool) -> None:
    assert touches_anything(AT_REST, facts) is touches


def test_so_does_an_action() -> None:
    assert touches_anything(replace(AT_REST, actions=(DropItem(item()),)), FACTS)
