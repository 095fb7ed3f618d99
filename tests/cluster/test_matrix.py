"""The matrix on a real API server: who may do what, expected and seen, cell by cell."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from cluster.apiserver import AS_THE_OPERATOR, Api, Body, Refusal
from cluster.matrix import props
from cluster.matrix.acts import Act, all_acts, collection
from cluster.matrix.cast import CAST, HOME, rights
from cluster.matrix.trial import Cell, Trial
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

ACTS = all_acts()


@pytest.fixture(scope="module")
def cells(control_plane: ControlPlane) -> Iterator[list[Cell]]:
    """Everything is set up in the operator's name, tried in dry runs, and taken away again."""
    api = Api(control_plane.kubeconfig(ADMIN), AS_THE_OPERATOR)
    control_plane.kubectl().apply([namespace(HOME), namespace(f"{HOME}-free"), *rights()])
    control_plane.kubectl().run("wait", "--for=create", "serviceaccount/default", f"--namespace={HOME}", "--timeout=30s")
    set_up(api)
    yield asyncio.run(Trial(control_plane.kubeconfig(ADMIN)).cells(ACTS))
    take_away(api)


def namespace(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def set_up(api: Api) -> None:
    for body in props.of_ours():
        place = collection(body["kind"])
        api.call("POST", place, {**body, "status": None})
        if "status" in body:
            api.call("PATCH", f"{place}/{body['metadata']['name']}/status", {"status": body["status"]}, "application/merge-patch+json")
    for body in props.of_others():
        root = "api" if body["apiVersion"] == "v1" else "apis"
        api.call("POST", f"/{root}/{body['apiVersion']}/namespaces/{HOME}/{body['kind'].lower()}s", body)
    mark(api, "true")


def mark(api: Api, value: str | None) -> None:
    changes = {"metadata": {"labels": {"prepaid.dev/in-use": value}}}
    api.call("PATCH", f"/api/v1/namespaces/{HOME}", changes, "application/merge-patch+json")


def take_away(api: Api) -> None:
    for body in (*props.of_ours(), props.claim()):
        place = collection(body["kind"]) if body["kind"] in props.OUR_KINDS else f"/api/v1/namespaces/{HOME}/persistentvolumeclaims"
        with suppress(Refusal):
            api.call("DELETE", f"{place}/{body['metadata']['name']}")
    mark(api, None)
    api.call("DELETE", f"/api/v1/namespaces/{HOME}")


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_who_may(cells: list[Cell], act: Act) -> None:
    tried = [cell for cell in cells if cell.act == act]
    assert [str(cell) for cell in tried if not cell.is_expected] == []
    assert len(tried) == len(CAST)


def test_every_refusal_of_a_policy_says_what_to_do_in_one_sentence(cells: list[Cell]) -> None:
    advices = {cell.advice for cell in cells if cell.advice}
    assert {advice for advice in advices if not is_advice(advice)} == set()
    assert len(advices) > 20


def is_advice(text: str) -> bool:
    return ": " in text and text.endswith((".", "in-use=)."))


def test_the_size_of_the_matrix(cells: list[Cell], tell_reader: Callable[[str], None]) -> None:
    by_policy = sum(bool(cell.advice) for cell in cells)
    tell_reader(f"matrix: {len(cells)} cells, {sum(cell.is_accepted for cell in cells)} accepted, {by_policy} refused by a policy")
    assert len(cells) > 1000
