"""The scene of the attacks: alice and bob with their instances in two namespaces, everybody's connection, and the real operator at work."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cluster.apiserver import AS_THE_OPERATOR, INSTANCES, Api, Body, Kind, Refusal
from cluster.recording import Recorder
from cluster.scenes import Life, Scene
from cluster.waiting import wait_for
from cluster.wares import a_class, stateful_workload
from prepaid.api.instance import Phase
from prepaid.api.resource import API_VERSION
from prepaid.local.objects import binding
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

LONG, BRIEF, SHORT = "siege-long", "siege-brief", "siege-short"
HOME, NEXT_DOOR = "siege", "siege-next-door"
MONEY: Final = Kind(API_VERSION, "prepaidaccounts", "PrepaidAccount")
JSON_PATCH: Final = "application/json-patch+json"
APPLY: Final = "application/apply-patch+yaml"


@dataclass(frozen=True)
class Siege:
    """`target` runs and `binned` lies in the bin, both alice's; `neighbour` is bob's. `mallory` may write all of ours and has no right."""

    alice: Api
    bob: Api
    mallory: Api
    cashier: Api
    platform: Api
    admin: Api
    target: Life
    binned: Life
    neighbour: Life
    scene: Scene

    def path(self, kind: Kind, name: str = "", part: str = "") -> str:
        return kind.path(HOME, name, part)

    def stands(self) -> bool:
        """The instances are as they were: nobody's uid changed, nobody's phase."""
        lives = {self.target: Phase.RUNNING, self.binned: Phase.RECYCLED, self.neighbour: Phase.RUNNING}
        return all(life.history[-1].status.phase is phase and not life.history[-1].is_gone for life, phase in lives.items())


def refusal(attempt: Callable[[], object]) -> str:
    """What the server says to an attempt. Fails when it is accepted."""
    said = refusal_of(attempt)
    assert said is not None, "it was accepted"
    return said


def refusal_of(attempt: Callable[[], object]) -> str | None:
    """What the server says no with; None when it accepts."""
    try:
        attempt()
    except Refusal as refused:
        return refused.message
    return None


def acting_as(plane: ControlPlane, user: str) -> Api:
    return Api(plane.kubeconfig(ADMIN), {"Impersonate-User": user})


def laid(plane: ControlPlane, admin: Api, recorder: Recorder) -> Siege:
    """Everything is bought and at rest; an operator must be at work."""
    meddler = Api(plane.kubeconfig(ADMIN), AS_THE_OPERATOR)
    alice, bob = Api(plane.kubeconfig("alice")), Api(plane.kubeconfig("bob"))
    scene, next_door = Scene(HOME, alice, meddler, recorder), Scene(NEXT_DOOR, bob, meddler, recorder)
    for each in (scene, next_door):
        each.prepare()
    plane.kubectl().apply([*rights(), *classes(), account(HOME), account(NEXT_DOOR)])
    wait_for("alice has her rights", lambda: is_let_in(alice, HOME) and is_let_in(bob, NEXT_DOOR))
    target, binned, neighbour = scene.buy("web-1", LONG), scene.buy("web-2", BRIEF), next_door.buy("web-1", LONG)
    target.until_phase(Phase.RUNNING)
    neighbour.until_phase(Phase.RUNNING)
    target.write_note()
    binned.until_phase(Phase.RECYCLED)
    people = {"mallory": acting_as(plane, "mallory"), "platform": acting_as(plane, "platform"), "cashier": Api(plane.kubeconfig("cashier"))}
    return Siege(alice, bob, admin=admin, target=target, binned=binned, neighbour=neighbour, scene=scene, **people)


def is_let_in(api: Api, namespace: str) -> bool:
    try:
        api.list(INSTANCES, namespace)
    except Refusal:
        return False
    return True


def classes() -> list[Body]:
    price = {"amount": "1.00", "currency": "CNY"}
    terms = ((LONG, 600, 600), (BRIEF, 2, 600), (SHORT, 4, 2))
    return [a_class(name, term, retention, stateful_workload(), price=price) for name, term, retention in terms]


def account(namespace: str) -> Body:
    spec = {"currency": "CNY", "deposited": "10000.00"}
    return {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": {"name": "default", "namespace": namespace}, "spec": spec}


def rights() -> list[Body]:
    """alice and bob are tenants at home; mallory may write all of our kinds there, and has none of the rights that policies ask for."""
    group, name = "rbac.authorization.k8s.io", "all-of-ours"
    role: dict[str, Any] = {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": {"name": name, "namespace": HOME}}
    role["rules"] = [{"apiGroups": ["prepaid.dev"], "resources": ["*"], "verbs": ["*"]}]
    bound = binding("all-of-ours", "mallory", HOME)
    tenants = [binding(role, user, home) for user, home in (("alice", HOME), ("bob", NEXT_DOOR)) for role in ("edit", "prepaid-tenant")]
    platform = {**binding("prepaid-admin", "platform", HOME), "kind": "ClusterRoleBinding", "metadata": {"name": "siege-platform"}}
    return [role, {**bound, "roleRef": {**bound["roleRef"], "kind": "Role"}}, *tenants, platform]


def directory(life: Life) -> Path:
    """Where its data lies; it must be there."""
    found = life.see().directory
    assert found is not None
    return found
