"""The reconciler of classes: says whether a class can be sold, watches its kind, has its instances looked at after an edit."""

from dataclasses import dataclass, field

from whenever import Instant, TimeDelta

from prepaid.api.instance_class import InstanceClass, InstanceClassStatus
from prepaid.api.resource import Condition
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.errors import Gone
from prepaid.control.sweep import Sweep
from prepaid.control.watching import Watching
from prepaid.lifecycle.offer import fault_of_class
from prepaid.lifecycle.reasons import Problem, Reason

FOR_SALE = "The class can be sold."
NOT_DONE = ""
KIND_POLL = TimeDelta(seconds=30)


@dataclass(frozen=True)
class Classes:
    """Reconciles classes; remembers which there are and which version of each was looked at."""

    cluster: Cluster
    sweep: Sweep
    watching: Watching
    versions: dict[str, str] = field(default_factory=dict)

    async def reconcile(self, key: Key) -> Instant | None:
        """One look at one class; when to ask again for a kind that may be installed. Raises ClusterError."""
        instance_class = await self.cluster.read(InstanceClass, "", key.name)
        if instance_class is None:
            self.versions.pop(key.name, None)
            return None
        problem = fault_of_class(instance_class) or await self.unknown_kind(instance_class)
        status = status_of(instance_class, problem, self.cluster.now())
        is_news = status != instance_class.status
        if is_news:
            self.versions.setdefault(key.name, NOT_DONE)
            instance_class = await self.cluster.write_status(instance_class.model_copy(update={"status": status}))
        await self.follow(instance_class, problem, is_news=is_news)
        is_awaited = problem is not None and problem.reason is Reason.UNKNOWN_KIND
        return self.cluster.now() + KIND_POLL if is_awaited else None

    async def follow(self, instance_class: InstanceClass, problem: Problem | None, *, is_news: bool) -> None:
        """Watches its kind; a new version of a class is a reason to look at all its instances. At a start they are looked at anyway."""
        if instance_class.spec.workload and problem is None:
            template = instance_class.spec.workload.template
            self.watching.watch(template["apiVersion"], template["kind"])
        name = instance_class.metadata.name
        version = f"{instance_class.metadata.uid} {instance_class.metadata.generation} {problem}"
        if is_news or name in self.versions:
            await self.look_at_all(name, version)
        self.versions[name] = version

    async def look_at_all(self, name: str, version: str) -> None:
        """Once for each version; where that fails it is not done."""
        if self.versions.get(name) != version:
            self.versions[name] = NOT_DONE
            await self.sweep.of_everything_in(name)

    async def unknown_kind(self, instance_class: InstanceClass) -> Problem | None:
        """Whether the cluster serves the kind that the template names."""
        workload = instance_class.spec.workload
        if workload is None:
            return None
        try:
            await self.cluster.discovery.endpoint(workload.template["apiVersion"], workload.template["kind"])
        except Gone as error:
            return Problem(Reason.UNKNOWN_KIND, f"{error}; install it, or name another kind.")
        return None


def status_of(instance_class: InstanceClass, problem: Problem | None, now: Instant) -> InstanceClassStatus:
    """Ready, or why not; lastTransitionTime moves only when that flips."""
    is_ready = problem is None
    before = next((known for known in instance_class.status.conditions if known.type == "Ready"), None)
    flipped = before.last_transition_time if before and (before.status == "True") == is_ready else now
    condition = Condition(
        type="Ready",
        status="True" if is_ready else "False",
        reason=problem.reason if problem else Reason.READY,
        message=problem.message if problem else FOR_SALE,
        observed_generation=instance_class.metadata.generation,
        last_transition_time=flipped,
    )
    others = tuple(known for known in instance_class.status.conditions if known.type != condition.type)
    return InstanceClassStatus(observed_generation=instance_class.metadata.generation, conditions=(condition, *others))
