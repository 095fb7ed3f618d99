"""How Argo CD and Flux read an object in each phase: its real Lua, its real CEL, over recorded objects."""

import pytest

from gitops import argo, flux
from gitops.recorded import Body, recorded, texts

INSTANCES = [
    ("new", "Progressing", "InProgress"),
    ("without an account", "Suspended", "InProgress"),
    ("short of money", "Suspended", "InProgress"),
    ("without a class", "Degraded", "Failed"),
    ("with a bad parameter", "Degraded", "Failed"),
    ("starting", "Progressing", "InProgress"),
    ("not ready", "Progressing", "InProgress"),
    ("running", "Healthy", "Current"),
    ("stopped by its owner", "Healthy", "Current"),
    ("being recycled", "Progressing", "InProgress"),
    ("in the bin", "Suspended", "Current"),
    ("being erased", "Progressing", "InProgress"),
    ("terminated", "Suspended", "Current"),
]
OTHERS = [
    ("new order", "Progressing", "InProgress"),
    ("waiting order", "Suspended", "InProgress"),
    ("settled order", "Healthy", "Current"),
    ("new account", "Progressing", "InProgress"),
    ("account", "Healthy", "Current"),
    ("class", "Healthy", "Current"),
]


@pytest.mark.parametrize(("name", "in_argo", "in_flux"), [*INSTANCES, *OTHERS])
def test_its_health(name: str, in_argo: str, in_flux: str) -> None:
    body = recorded(name)
    assert (argo.health(body)[0], flux.health(body)) == (in_argo, in_flux)


@pytest.mark.parametrize(
    ("name", "in_argo"), [("item in the bin", "Suspended"), ("item at the door", "Progressing"), ("receipt", "Healthy")]
)
def test_the_health_of_a_bin_item(name: str, in_argo: str) -> None:
    assert argo.health(recorded(name))[0] == in_argo


def test_every_recorded_object_is_judged() -> None:
    assert {name for name, *_ in (*INSTANCES, *OTHERS)} | {"item in the bin", "item at the door", "receipt"} == set(texts())


@pytest.mark.parametrize("name", ["running", "in the bin", "terminated", "short of money"])
def test_the_message_is_the_operators_own(name: str) -> None:
    body = recorded(name)
    said = next(known["message"] for known in body["status"]["conditions"] if known["type"] == "Ready")
    assert argo.health(body)[1] == said


def edited(body: Body) -> Body:
    return {**body, "metadata": {**body["metadata"], "generation": body["metadata"]["generation"] + 1}}


@pytest.mark.parametrize("name", ["running", "in the bin", "terminated", "without a class"])
def test_an_edit_that_was_not_looked_at_is_in_progress(name: str) -> None:
    body = edited(recorded(name))
    assert (argo.health(body)[0], flux.health(body)) == ("Progressing", "InProgress")


def test_a_rejected_order_has_failed() -> None:
    body = recorded("waiting order")
    body["status"]["phase"] = "Rejected"
    assert (argo.health(body)[0], flux.health(body)) == ("Degraded", "Failed")


def test_a_class_that_cannot_be_sold_has_failed() -> None:
    body = recorded("class")
    for condition in body["status"]["conditions"]:
        condition["status"] = "False"
    assert (argo.health(body)[0], flux.health(body)) == ("Degraded", "Failed")
