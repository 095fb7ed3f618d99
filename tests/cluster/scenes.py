"""One namespace in which tests buy instances and look at what becomes of them, all through the API server."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cluster.apiserver import (
    ACCOUNTS,
    BY_NAME,
    CLAIMS,
    EVENTS,
    INSTANCES,
    ITEMS,
    NAMESPACES,
    PODS,
    STATEFUL_SETS,
    VOLUMES,
    Api,
    Body,
    Kind,
    Refusal,
)
from cluster.histories import is_settled
from cluster.recording import Recorder, Sighting
from cluster.waiting import wait_for
from cluster.wares import an_instance
from prepaid.api.instance import InstanceStatus, Phase
from prepaid.api.marks import INSTANCE_UID

NOTE: Final = "note.txt"


@dataclass(frozen=True)
class Sight:
    """What belongs to one instance at one moment: pods and claim by uid, the claim's directory, whether the note is in there."""

    status: InstanceStatus
    pods: tuple[str, ...]
    claim: str
    claim_phase: str
    directory: Path | None
    has_note: bool
    item: Body | None
    workload: Body | None


@dataclass(frozen=True)
class Life:
    """One instance, as its owner handles it."""

    namespace: str
    name: str
    owner: Api
    admin: Api
    recorder: Recorder

    @property
    def history(self) -> tuple[Sighting, ...]:
        """Every version of it so far."""
        return self.recorder.history(INSTANCES, self.namespace, self.name)

    def until(self, what: str, is_so: Callable[[InstanceStatus], bool]) -> InstanceStatus:
        """Its status, once it is so and speaks of the newest spec."""

        def look() -> InstanceStatus | None:
            newest = self.recorder.newest(INSTANCES, self.namespace, self.name)
            is_up_to_date = newest is not None and newest.status.observed_generation == newest.instance.metadata.generation
            return newest.status if newest and is_up_to_date and is_so(newest.status) else None

        return wait_for(f"{self.name}: {what}", look)

    def until_phase(self, phase: Phase) -> InstanceStatus:
        """At rest in this phase."""
        return self.until(phase.value, lambda status: status.phase is phase and is_settled(status))

    def until_held(self, reason: str) -> InstanceStatus:
        """Stalled for this reason."""
        return self.until(f"held, {reason}", lambda status: reason in stalled_reasons(status))

    def until_gone(self, kind: Kind, name: str = "") -> None:
        wait_for(f"{kind.kind} {name or self.name} is gone", lambda: self.find(kind, name) is None)

    def set(self, **spec: Any) -> None:  # noqa: ANN401
        """What its owner patches."""
        self._merge(self.owner, {"spec": spec})

    def merge(self, changes: Body, part: str = "") -> None:
        """What an administrator patches."""
        self._merge(self.admin, changes, part)

    def _merge(self, who: Api, changes: Body, part: str = "") -> None:
        """The recorder has seen it on return."""
        version = who.merge(INSTANCES, self.namespace, self.name, changes, part)["metadata"]["resourceVersion"]
        wait_for("the watch brings the patch", lambda: self.recorder.has_come_to(INSTANCES, self.namespace, self.name, version))

    def say(self, **spec: Any) -> None:  # noqa: ANN401
        """The owner's word on the bin item."""
        self.owner.merge(ITEMS, self.namespace, self.name, {"spec": spec})

    def delete(self) -> None:
        self.owner.delete(INSTANCES, self.namespace, self.name)

    def tear_down(self) -> None:
        """DELETE in the operator's name, whatever state it is in."""
        self.admin.delete(INSTANCES, self.namespace, self.name)

    def find(self, kind: Kind, name: str = "") -> Body | None:
        """An object of its namespace, by default of its own name."""
        return self.admin.get(kind, self.namespace, name or self.name)

    def need(self, kind: Kind, name: str = "") -> Body:
        """One that must be there."""
        found = self.find(kind, name)
        assert found is not None, f"there is no {kind.kind} {name or self.name}"
        return found

    @property
    def uid(self) -> str:
        return str(self.need(INSTANCES)["metadata"]["uid"])

    def write_note(self) -> Path:
        """A file among its data; the directory that holds it."""
        directory = directory_of(self.admin, self.find(CLAIMS, f"data-{self.name}-0"))
        assert directory is not None
        (directory / NOTE).write_text("kept")
        return directory

    def see(self, kind: Kind = STATEFUL_SETS) -> Sight:
        """One look at everything."""
        claim = self.find(CLAIMS, f"data-{self.name}-0")
        directory = directory_of(self.admin, claim)
        pods = self.admin.list(PODS, self.namespace, f"{INSTANCE_UID}={self.uid}")["items"]
        return Sight(
            status=self.recorder.history(INSTANCES, self.namespace, self.name)[-1].status,
            pods=tuple(pod["metadata"]["uid"] for pod in pods),
            claim=claim["metadata"]["uid"] if claim else "",
            claim_phase=claim["status"]["phase"] if claim else "",
            directory=directory,
            has_note=directory is not None and (directory / NOTE).exists(),
            item=self.find(ITEMS),
            workload=self.find(kind),
        )

    def told(self, *expected: str) -> list[str]:
        """The reasons of its events, sorted, once these are among them: an operator that has much to do tells later."""
        fields = f"involvedObject.name={self.name},involvedObject.kind={INSTANCES.kind}"

        def look() -> list[str] | None:
            reasons = sorted(event["reason"] for event in self.admin.list(EVENTS, self.namespace, fields=fields)["items"])
            return reasons if set(expected) <= set(reasons) else None

        return wait_for(f"all of {expected} is told", look)


def directory_of(api: Api, claim: Body | None) -> Path | None:
    """Where the data of a claim lies, once it is bound."""
    volume = api.get(VOLUMES, "", claim["spec"]["volumeName"]) if claim and claim["spec"].get("volumeName") else None
    return Path(volume["spec"]["hostPath"]["path"]) if volume else None


def stalled_reasons(status: InstanceStatus) -> list[str]:
    return [condition.reason for condition in status.conditions if condition.type == "Stalled" and condition.status == "True"]


@dataclass(frozen=True)
class Scene:
    """A namespace, its owner, and the administrator."""

    namespace: str
    owner: Api
    admin: Api
    recorder: Recorder

    def prepare(self) -> None:
        """The namespace, as far as it is missing; pods can be made in it."""
        if self.admin.get(NAMESPACES, "", self.namespace) is None:
            self.admin.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}})
        wait_for("pods may be made", lambda: self.admin.get(ACCOUNTS, self.namespace, "default"))

    def clear(self) -> None:
        """All instances go, without a word: to operators of others, held ones are work."""
        for instance in self.admin.list(INSTANCES, self.namespace)["items"]:
            name = instance["metadata"]["name"]
            self.admin.delete(INSTANCES, self.namespace, name)
            with suppress(Refusal):
                self.admin.merge(INSTANCES, self.namespace, name, {"metadata": {"finalizers": None}})

    def sell(self, instance_class: Body) -> None:
        """Puts a class on sale, if it is not."""
        try:
            self.admin.create(instance_class)
        except Refusal as refusal:
            if refusal.status != 409:
                raise

    def buy(self, name: str, of_class: str, **spec: Any) -> Life:  # noqa: ANN401
        self.owner.create(an_instance(self.namespace, name, of_class, **spec))
        return self.life(name)

    def find_alike(self, body: Body) -> Body | None:
        """The object of this kind and name."""
        return self.admin.get(BY_NAME[body["kind"]], self.namespace, body["metadata"]["name"])

    def remove(self, body: Body) -> None:
        self.admin.delete(BY_NAME[body["kind"]], self.namespace, body["metadata"]["name"])

    def life(self, name: str) -> Life:
        return Life(self.namespace, name, self.owner, self.admin, self.recorder)
