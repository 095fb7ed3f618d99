"""What can be done from Argo CD's interface, and what it writes."""

import pytest

from gitops.argo import actions, after
from gitops.recorded import Body, recorded

EVERYTHING = {"renew": True, "stop": True, "start": False}


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("new", EVERYTHING),
        ("running", EVERYTHING),
        ("stopped by its owner", {"renew": True, "stop": False, "start": True}),
        ("in the bin", EVERYTHING),
        ("being erased", {"renew": False, "stop": False, "start": False}),
        ("terminated", {"renew": False, "stop": False, "start": False}),
    ],
)
def test_what_is_offered(name: str, offered: dict[str, bool]) -> None:
    assert actions(recorded(name)) == offered


@pytest.mark.parametrize(("name", "is_offered"), [("item in the bin", True), ("item at the door", False), ("receipt", False)])
def test_recovering_is_offered_in_the_bin_alone(name: str, is_offered: bool) -> None:
    assert actions(recorded(name)) == {"recover": is_offered}


def test_renewing_buys_one_period_more_than_was_ever_acted_on() -> None:
    body = recorded("running")
    body["spec"]["purchasedPeriods"], body["status"]["requestedPeriods"] = 2, 5
    assert after("renew", body)["spec"]["purchasedPeriods"] == 6


@pytest.mark.parametrize(
    ("action", "name", "field", "value"),
    [
        ("stop", "running", "running", False),
        ("start", "stopped by its owner", "running", True),
        ("recover", "item in the bin", "disposition", "Recover"),
    ],
)
def test_an_action_changes_one_field(action: str, name: str, field: str, value: object) -> None:
    """An empty list is an empty table in Lua, which Argo CD leaves out."""
    body = recorded(name)
    assert not_empty(after(action, body)["spec"]) == not_empty({**body["spec"], field: value})


def not_empty(spec: Body) -> Body:
    return {name: value for name, value in spec.items() if value not in ({}, [])}
