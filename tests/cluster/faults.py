"""What can be wrong, and how it is put right: classes that cannot be sold, wishes that cannot be met, statuses that were damaged.

Each is a story: it waits until the instance is held, looks, puts it right, and waits until it goes on by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cluster.apiserver import CLASSES, INSTANCES, ORDERS, STATEFUL_SETS, Body
from cluster.scenes import Life, Scene, Sight
from cluster.wares import a_class, an_instance, stateful_workload, stateless_workload
from prepaid.api.instance import InstanceStatus, Phase

LONG, BRIEF = "faults-long", "faults-brief"
"""Classes that are as they should be: with a long term, and with a long time in the bin."""


@dataclass(frozen=True)
class Held:
    """What was said while it was held, and how it was before, meanwhile and afterwards."""

    message: str
    status: InstanceStatus
    before: Sight | None = None
    meanwhile: Sight | None = None
    after: Sight | None = None


def reason_given(status: InstanceStatus) -> str:
    """What Ready says."""
    return next(known.message for known in status.conditions if known.type == "Ready")


@dataclass(frozen=True, eq=False)
class BadClass:
    """A class that is put right after an instance was bought of it. `words` must be said."""

    name: str
    reason: str
    words: str
    spoil: Callable[[Body], object]

    def __call__(self, scene: Scene) -> Held:
        broken = self.good()
        self.spoil(broken["spec"])
        scene.sell(broken)
        life = scene.buy(self.name, self.name)
        status = life.until_held(self.reason)
        scene.admin.replace(self.good())
        life.until_phase(Phase.RUNNING)
        return Held(reason_given(status), status)

    def good(self) -> Body:
        return a_class(self.name, term=600, workload=stateless_workload())


@dataclass(frozen=True, eq=False)
class BadWish:
    """An instance that asks for what its class does not have, and is then patched."""

    name: str
    reason: str
    words: str
    parameters: dict[str, str]
    patch: dict[str, str | None]

    def __call__(self, scene: Scene) -> Held:
        life = scene.buy(self.name, LONG, parameters=self.parameters)
        status = life.until_held(self.reason)
        life.set(parameters=self.patch)
        life.until_phase(Phase.RUNNING)
        return Held(reason_given(status), status)


@dataclass(frozen=True, eq=False)
class NameTaken:
    """An object of the wanted name that is not ours, and is then removed."""

    name: str
    obstacle: Body
    words: str = "was not made for this instance; delete or rename it"
    reason: str = "NotOurs"

    def __call__(self, scene: Scene) -> Held:
        made = scene.admin.create({**self.obstacle, "metadata": {**self.obstacle["metadata"], "namespace": scene.namespace}})
        life = scene.buy(self.name, LONG)
        status = life.until_held(self.reason)
        found = scene.find_alike(made)
        assert found is not None
        assert found["metadata"]["uid"] == made["metadata"]["uid"]
        assert found["metadata"].get("labels") == made["metadata"].get("labels")
        scene.remove(made)
        life.until_phase(Phase.RUNNING)
        return Held(reason_given(status), status)


@dataclass(frozen=True, eq=False)
class DamagedStatus:
    """A status that an administrator patched, and then restored. `damage` is merged into it; None empties it."""

    name: str
    reason: str
    words: str
    damage: Body | None
    of_class: str = LONG
    without_orders: bool = False

    def __call__(self, scene: Scene) -> Held:
        life = scene.buy(self.name, self.of_class)
        life.until_phase(Phase.RUNNING)
        life.write_note()
        phase = Phase.RUNNING if self.of_class == LONG else Phase.RECYCLED
        life.until_phase(phase)
        before, saved = life.see(), life.need(INSTANCES)["status"]
        if self.without_orders:
            remove_orders(life)
        write_status(life, self.damage)
        status = life.until_held(self.reason)
        meanwhile = life.see()
        write_status(life, {**dict.fromkeys(life.need(INSTANCES)["status"]), **saved})
        life.until("as before", lambda status: status.phase is phase and not is_damaged(status, self.reason))
        life.until_phase(phase)
        return Held(reason_given(status), status, before, meanwhile, life.see())


@dataclass(frozen=True, eq=False)
class EmptiedStatus:
    """A status that somebody emptied, while the orders still tell what was bought."""

    name: str
    of_class: str
    phase: Phase

    def __call__(self, scene: Scene) -> tuple[Sight, Sight]:
        """Before, and after it was rebuilt."""
        life = scene.buy(self.name, self.of_class)
        life.until_phase(Phase.RUNNING)
        life.write_note()
        life.until_phase(self.phase)
        before = life.see()
        write_status(life, None)
        life.until_phase(self.phase)
        return before, life.see()


def remove_orders(life: Life) -> None:
    for order in life.admin.list(ORDERS, life.namespace, fields=f"spec.instanceRef.name={life.name}")["items"]:
        life.admin.delete(ORDERS, life.namespace, order["metadata"]["name"])


def is_damaged(status: InstanceStatus, reason: str) -> bool:
    return any(known.reason == reason for known in status.conditions)


def write_status(life: Life, changes: Body | None) -> None:
    """What an administrator patches; the recorder has seen it on return."""
    life.merge({"status": changes}, "status")


def spoil_template(changes: Body) -> Callable[[Body], object]:
    def spoil(spec: Body) -> None:
        spec["workload"]["template"].update(changes)

    return spoil


def spoil_spec(changes: Body) -> Callable[[Body], object]:
    def spoil(spec: Body) -> None:
        spec["workload"]["template"]["spec"].update(changes)

    return spoil


def stateful_set(name: str) -> Body:
    """Somebody's own."""
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "own", "image": "own:1"}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name}, "spec": {**spec, "serviceName": name}}


def claim(name: str) -> Body:
    """Somebody's own."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


CLUSTER_SCOPED: Final = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
BAD_CLASSES: Final = (
    BadClass("no-kind", "UnknownKind", "install it, or", spoil_template({"apiVersion": "example.test/v1", "kind": "Machine"})),
    BadClass("cluster-scoped", "ClassUnreadable", "name a namespaced kind", spoil_template(CLUSTER_SCOPED)),
    BadClass("our-own-kind", "ClassUnreadable", "name a workload", spoil_template({"apiVersion": "prepaid.dev/v1alpha1"})),
    BadClass("elsewhere", "ClassUnreadable", "leave metadata.namespace out", spoil_template({"metadata": {"namespace": "kube-system"}})),
    BadClass("no-name", "ClassUnreadable", "metadata.name must be", spoil_template({"metadata": {"name": 7}})),
    BadClass("unknown-value", "ClassUnreadable", "stands for nothing; use", spoil_spec({"paused": "$(params.nope)"})),
    BadClass("foreign-finalizer", "ClassUnreadable", "may hold only", spoil_template({"metadata": {"finalizers": ["x.test/y"]}})),
    BadClass("no-zone", "ClassUnreadable", "set timeZone to a name", lambda spec: spec.update(timeZone="Asia/Nowhere")),
    BadClass("not-a-spec", "ClassUnreadable", "name its pod template", spoil_template({"spec": "nonsense"})),
    BadClass("unknown-field", "RefusedByServer", "field not declared in schema", spoil_spec({"nonsense": 1})),
    BadClass("invalid", "RefusedByServer", "is invalid", spoil_spec({"template": {}})),
    BadClass("no-right", "RefusedByServer", "secrets", spoil_template({"apiVersion": "v1", "kind": "Secret"})),
)
BAD_WISHES: Final = (
    BadWish("unknown-parameter", "BadParameters", 'did you mean "image"?', {"imege": "nginx:2"}, {"imege": None}),
    BadWish("bad-parameter", "BadParameters", "does not match the pattern", {"image": "; rm -rf"}, {"image": "nginx:2"}),
)
NAMES_TAKEN: Final = (
    NameTaken("workload-taken", stateful_set("workload-taken")),
    NameTaken("claim-taken", claim("data-claim-taken-0")),
)
EMPTIED: Final = (EmptiedStatus("emptied", LONG, Phase.RUNNING), EmptiedStatus("emptied-in-the-bin", BRIEF, Phase.RECYCLED))
OVER: Final = "2020-01-01T00:00:00Z"
TERM_LOST: Final = "until an administrator restores it"
DAMAGES: Final = (
    DamagedStatus("lost", "StatusLost", "must restore the status", None, without_orders=True),
    DamagedStatus("lost-in-the-bin", "StatusLost", "must restore the status", None, BRIEF, without_orders=True),
    DamagedStatus("no-terms", "TermUnreadable", TERM_LOST, {"terms": None}),
    DamagedStatus("no-expiration", "TermUnreadable", TERM_LOST, {"expirationTime": None}),
    DamagedStatus("no-anchor", "TermUnreadable", TERM_LOST, {"anchorTime": None}),
    DamagedStatus("release-alone", "TermUnreadable", TERM_LOST, {"releaseTime": OVER}),
    DamagedStatus("recycling-alone", "TermUnreadable", TERM_LOST, {"recycleTime": OVER}),
    DamagedStatus("reversed-term", "TermUnreadable", TERM_LOST, {"expirationTime": OVER}),
    DamagedStatus("terminated-alone", "TermUnreadable", TERM_LOST, {"terminationTime": OVER}),
    DamagedStatus("foreign-zone", "TermUnreadable", TERM_LOST, {"terms": {"timeZone": "Asia/Nowhere"}}),
    DamagedStatus("released-at-once", "TermUnreadable", TERM_LOST, {"releaseTime": OVER}, BRIEF),
    DamagedStatus("no-recycling", "TermUnreadable", TERM_LOST, {"recycleTime": None}, BRIEF),
)


@dataclass(frozen=True)
class Late:
    """Seconds after its moment at which a step was seen."""

    recycled: float
    terminated: float


def class_comes_later(scene: Scene) -> Held:
    """Bought before there is a class."""
    life = scene.buy("early", "comes-later")
    status = life.until_held("ClassMissing")
    scene.sell(a_class("comes-later", term=600, workload=stateless_workload()))
    life.until_phase(Phase.RUNNING)
    return Held(reason_given(status), status)


def copied_from_a_backup(scene: Scene) -> Held:
    """It carries another instance's id."""
    manifest = an_instance(scene.namespace, "copied", LONG)
    manifest["metadata"]["annotations"] = {"prepaid.dev/instance-id": "another"}
    scene.admin.create(manifest)
    life = scene.life("copied")
    status = life.until_held("RestoredCopy")
    life.merge({"metadata": {"annotations": {"prepaid.dev/instance-id": None}}})
    life.until_phase(Phase.RUNNING)
    return Held(reason_given(status), status)


def class_goes(scene: Scene) -> Life:
    """Its class is deleted while it runs: it is stopped and erased from its own status."""
    scene.sell(a_class("goes", term=40, retention=4, workload=stateless_workload()))
    life = scene.buy("bereft", "goes")
    life.until_phase(Phase.RUNNING)
    scene.admin.delete(CLASSES, "", "goes")
    life.until_phase(Phase.TERMINATED)
    return life


def bad_while_running(scene: Scene) -> tuple[InstanceStatus, InstanceStatus]:
    """A parameter that does not fit any more is no way to run for free."""
    scene.sell(a_class("short-term", term=40, retention=60, workload=stateless_workload()))
    life = scene.buy("bad-while-running", "short-term")
    life.until_phase(Phase.RUNNING)
    life.set(parameters={"image": "; rm -rf"})
    held = life.until_held("BadParameters")
    return held, life.until_phase(Phase.RECYCLED)


MACHINE: Final = {"apiVersion": "machines.test/v1", "kind": "Machine", "metadata": {"name": "$(name)"}, "spec": {"on": False}}


def kind_and_right_come_later(scene: Scene) -> tuple[Held, Held]:
    """A kind that is installed after the purchase; the right to make objects of it comes later still."""
    workload = {"template": MACHINE, "running": {"spec": {"on": True}}, "stopped": {"spec": {"on": False}}}
    scene.sell(a_class("machines", term=600, workload=workload))
    life = scene.buy("machine", "machines")
    unknown = life.until_held("UnknownKind")
    scene.admin.create(crd_of_machines())
    forbidden = life.until_held("RefusedByServer")
    scene.admin.create(right_to_machines())
    life.until_phase(Phase.RUNNING)
    return Held(reason_given(unknown), unknown), Held(reason_given(forbidden), forbidden)


def crd_of_machines() -> Body:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "machines", "singular": "machine", "kind": "Machine", "listKind": "MachineList"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "machines.machines.test"},
        "spec": {"group": "machines.test", "scope": "Namespaced", "names": names, "versions": [version]},
    }


def right_to_machines() -> Body:
    verbs = ["get", "list", "watch", "create", "update", "patch", "delete"]
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "prepaid-operator-machines", "labels": {"prepaid.dev/aggregate-to-operator": "true"}},
        "rules": [{"apiGroups": ["machines.test"], "resources": ["machines"], "verbs": verbs}],
    }


def torn_away(scene: Scene) -> Life:
    """The instance object is taken away by force while it runs: its workload goes with the next sweep, its data stays."""
    life = scene.buy("torn-away", LONG)
    life.until_phase(Phase.RUNNING)
    life.delete()
    life.merge({"metadata": {"finalizers": None}})
    life.until_gone(INSTANCES)
    life.until_gone(STATEFUL_SETS)
    return life


def bystander(scene: Scene) -> Late:
    """An instance like any other, amid all that is wrong."""
    scene.sell(a_class("undelayed", term=40, retention=8, workload=stateful_workload()))
    life = scene.buy("bystander", "undelayed")
    life.until_phase(Phase.RUNNING)
    life.until_phase(Phase.TERMINATED)
    recycled = next(seen for seen in life.history if seen.status.recycle_time)
    terminated = next(seen for seen in life.history if seen.status.termination_time)
    assert recycled.status.expiration_time
    assert terminated.status.release_time
    return Late(
        recycled=(recycled.moment - recycled.status.expiration_time).total("seconds"),
        terminated=(terminated.moment - terminated.status.release_time).total("seconds"),
    )
