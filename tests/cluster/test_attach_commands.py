"""`prepaid attach`, `detach` and `resources` on a real cluster: what each says, its exit code, and what is so afterwards."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from cluster.apiserver import INSTANCES, RESOURCES, Api
from cluster.operators import at_work, operator_of
from cluster.terminals import Desk, Ended
from cluster.waiting import wait_for
from cluster.wares import a_class, a_resource, a_service, an_account, an_instance, stateful_workload
from prepaid.cli.exit_codes import ExitCode
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

NAMESPACE: Final = "fitting"
NAMES: Final = ("front", "shared", "address")
HERE: Final = ("-n", NAMESPACE)


@dataclass(frozen=True)
class Fitters:
    """Two instances, two load balancers and an elastic IP; somebody at the command line."""

    admin: Api
    desk: Desk

    def run(self, *words: str) -> Ended:
        return self.desk.run(*words, *HERE)

    def results(self, ended: Ended) -> dict[str, tuple[str, str]]:
        """What became of each, and what was said of it."""
        return {item["name"]: (item["result"], item["message"]) for item in json.loads(ended.out)["items"]}

    def wanted(self, name: str) -> list[str]:
        """What the instance's own list has."""
        body = self.admin.get(INSTANCES, NAMESPACE, name) or {}
        return [reference["name"] for reference in body["spec"].get("attachments", [])]

    def lines(self) -> dict[str, dict[str, Any]]:
        """What `prepaid resources` shows, by name."""
        return {line["name"]: line for line in json.loads(self.run("resources", "-o", "json").out)["items"]}

    def holders(self, name: str) -> list[str]:
        body = self.admin.get(RESOURCES, NAMESPACE, name) or {}
        return [holder["name"] for holder in body.get("status", {}).get("attachedTo", [])]


@pytest.fixture(scope="module")
def fitters(control_plane: ControlPlane, admin: Api) -> Iterator[Fitters]:
    services = [a_service(NAMESPACE, name) for name in NAMES]
    types = ("LoadBalancer", "LoadBalancer", "ElasticIP")
    resources = [a_resource(NAMESPACE, name, elastic_type) for name, elastic_type in zip(NAMES, types, strict=True)]
    with at_work(operator_of(control_plane, "fitting")):
        control_plane.kubectl().apply(
            [
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
                a_class("fitting", term=3600, retention=3600, workload=stateful_workload()),
                an_account(NAMESPACE, "default", "100.00", ElasticIP="0.01"),
                *(an_instance(NAMESPACE, name, "fitting") for name in ("left", "right")),
                *services,
                *resources,
            ]
        )
        wait_for("both run", lambda: all(phase_of(admin, name) == "Running" for name in ("left", "right")))
        yield Fitters(admin, Desk(control_plane.kubeconfig(ADMIN)))


def phase_of(admin: Api, name: str) -> str:
    return str((admin.get(INSTANCES, NAMESPACE, name) or {}).get("status", {}).get("phase", ""))


def test_a_rehearsal_attaches_nothing(fitters: Fitters) -> None:
    ended = fitters.run("attach", "left", "front", "--dry-run")
    assert (ended.code, fitters.wanted("left"), fitters.holders("front")) == (ExitCode.DONE, [], [])


def test_several_are_attached_with_one_command_and_a_line_for_each(fitters: Fitters) -> None:
    ended = fitters.run("attach", "left", "front", "address", "-o", "json")
    assert {name: outcome for name, (outcome, _) in fitters.results(ended).items()} == {"front": "done", "address": "done"}
    assert (ended.code, fitters.wanted("left")) == (ExitCode.DONE, ["front", "address"])
    assert fitters.holders("address") == ["left"]


def test_attaching_again_changes_nothing(fitters: Fitters) -> None:
    before = fitters.admin.get(INSTANCES, NAMESPACE, "left")
    assert fitters.run("attach", "left", "address").code == ExitCode.DONE
    assert before is not None
    assert (fitters.admin.get(INSTANCES, NAMESPACE, "left") or {})["metadata"]["generation"] == before["metadata"]["generation"]


def test_what_another_holds_is_waited_for_with_a_sentence(fitters: Fitters) -> None:
    ended = fitters.run("attach", "right", "address", "-o", "json")
    outcome, said = fitters.results(ended)["address"]
    assert (ended.code, outcome) == (ExitCode.UNDECIDED, "not decided yet")
    assert "left" in said


def test_resources_shows_who_holds_what_and_what_an_idle_one_costs(fitters: Fitters) -> None:
    wait_for("the idle one has its price", lambda: fitters.lines()["shared"]["idleSince"])
    lines = fitters.lines()
    assert {name: line["heldBy"] for name, line in lines.items()} == {"front": "left", "shared": "", "address": "left"}
    assert (lines["address"]["idleSince"], lines["address"]["type"]) == ("", "ElasticIP")


def test_what_is_taken_off_goes_to_the_one_that_waits(fitters: Fitters) -> None:
    ended = fitters.run("detach", "left", "address", "-o", "json")
    assert (ended.code, fitters.results(ended)) == (ExitCode.DONE, {"address": ("done", "taken off")})
    wait_for("it is handed over", lambda: fitters.holders("address") == ["right"])
    assert fitters.wanted("left") == ["front"]


def test_an_idle_one_shows_its_price_and_what_it_has_cost(fitters: Fitters) -> None:
    assert fitters.run("detach", "right", "address").code == ExitCode.DONE
    line = wait_for("it has cost something", lambda: found if float((found := fitters.lines()["address"])["cost"] or 0) else None)
    assert (line["price"], line["currency"], line["unit"], line["heldBy"]) == ("0.01", "CNY", "Second", "")
    assert float(line["cost"]) > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("detach", "left", "shared"), "shared is not attached; front is.", id="what is not attached cannot be taken off"),
        pytest.param(("attach", "nobody", "shared"), "nobody", id="an instance that is not there"),
        pytest.param(("attach", "left", *(f"r{n}" for n in range(40))), "at most 32 attachments", id="more than an instance can have"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(fitters: Fitters, words: tuple[str, ...], said: str) -> None:
    ended = fitters.run(*words)
    assert (ended.code, fitters.wanted("left")) == (ExitCode.FAILED, ["front"])
    assert said in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_one_that_is_not_there_is_waited_for_and_the_instance_runs_on(fitters: Fitters) -> None:
    ended = fitters.run("attach", "left", "absent", "-o", "json")
    outcome, said = fitters.results(ended)["absent"]
    assert (ended.code, outcome, phase_of(fitters.admin, "left")) == (ExitCode.UNDECIDED, "not decided yet", "Running")
    assert "There is no ElasticResource absent" in said


def test_describe_tells_of_the_attachments(fitters: Fitters) -> None:
    told = fitters.run("describe", "left").out
    assert ("front" in told, "LoadBalancer" in told, "absent" in told) == (True, True, True)


def test_resources_of_an_empty_namespace_is_a_sentence(fitters: Fitters) -> None:
    ended = fitters.desk.run("resources", "-n", "default")
    assert (ended.code, "No elastic resources" in ended.out + ended.err) == (ExitCode.DONE, True)
