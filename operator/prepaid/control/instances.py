"""The reconciler of instances: parse, observe, decide, perform, report. Safe to run twice, at once, and a year late."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from whenever import Instant, TimeDelta

from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import AttachmentState, Phase, PrepaidInstance
from prepaid.api.intent import Intent
from prepaid.api.order import RenewalOrder
from prepaid.cluster.client import Cluster, Key, endpoint_of
from prepaid.cluster.errors import ClusterError, Conflict, Gone, Refused
from prepaid.cluster.glance import Glance
from prepaid.cluster.panorama import Panorama
from prepaid.cluster.recorder import Recorder
from prepaid.cluster.together import Together
from prepaid.cluster.walk import Walks
from prepaid.control.crowd import survey
from prepaid.control.desk import Crowded, Desk
from prepaid.control.intruders import Intruders
from prepaid.control.log import log_commit
from prepaid.control.memory import NO_FACES, Look, Memory, faces_of, item_of
from prepaid.control.observe import orders_of
from prepaid.control.orders import Orders
from prepaid.control.perform import perform
from prepaid.control.sight import Sight, is_same_version
from prepaid.control.strays import Strays
from prepaid.control.waiting_room import WaitingRoom
from prepaid.control.workers import Gathering
from prepaid.lifecycle.actions import Action, WorkloadAction, WriteResourceStatus
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision, Standing
from prepaid.lifecycle.facts import Facts, Seen
from prepaid.lifecycle.letting_go import is_vanishing
from prepaid.lifecycle.marking import missing_marks
from prepaid.lifecycle.ordering import are_untold, has_ended, orders_of_others
from prepaid.lifecycle.payers import accounts_of
from prepaid.lifecycle.purchasing import is_worth_a_write
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rules import decide
from prepaid.lifecycle.strays import stray_beside

MOST_TURNS = 12
RESTING = (Phase.RECYCLED, Phase.TERMINATED)


@dataclass(frozen=True)
class Instances:
    """Reconciles instances, one key at a time. What somebody else must put right is looked at again after `retry`."""

    cluster: Cluster
    recorder: Recorder
    memory: Memory
    retry: TimeDelta
    desk: Desk | Crowded
    room: WaitingRoom
    orders: Orders
    together: Together
    walks: Walks

    @property
    def strays(self) -> Strays:
        return Strays(self.cluster, self.recorder)

    @property
    def intruders(self) -> Intruders:
        return Intruders(self.cluster, self.recorder)

    async def gather(self, keys: Sequence[Key]) -> Gathering:
        """Looks at instances of one namespace that begin with what all of them have to see. Raises ClusterError."""
        panorama, desk = await survey(keys, self.cluster, self.together, self.walks), Crowded(self.desk)
        return Gathering(partial(replace(self, desk=desk).reconcile, panorama=panorama), desk.disperse)

    async def reconcile(self, key: Key, panorama: Panorama | None = None) -> Instant | None:
        """Looks until there is nothing left to do now; the moment of the next look. Raises ClusterError."""
        self.memory.forget(key)
        done: tuple[Action, ...] = ()
        sight = self.begin(key, panorama)
        for turn in range(MOST_TURNS):
            instance = await sight.glance.read(PrepaidInstance, key.namespace, key.name)
            if instance is None:
                await self.dismiss(key)
                return None
            facts = await self.look(key, instance, sight)
            decision = decide(facts)
            if not sight.is_good_for(decision, facts) or await self.is_overtaken(facts, decision, sight):
                sight.renew()
                continue
            await self.tell_others(key, facts)
            if are_untold(facts):
                self.desk.ask(key, instance.spec.account)
            is_stuck = bool(decision.actions) and (decision.actions == done or turn == MOST_TURNS - 1)
            problem = no_effect(decision) if is_stuck else await perform(decision.actions, instance, sight.glance)
            if decision.asks_cashier and not problem:
                self.desk.ask(key, decision.asks_cashier)
                return decision.wake_time
            done = decision.actions
            sight.act(done, facts)
            if done and not problem and not decision.commits:
                continue
            instance = await self.report(decision, facts, problem, sight.glance)
            self.memory.know(key, instance.metadata.resource_version)
            sight.commit(facts, instance)
            if problem or not decision.commits:
                await self.put_marks_back(key, instance)
                return self.rest(key, instance, facts.seen, decision, problem)
        raise Conflict(f"{key}: one step follows another; the rest is for the next look")

    def begin(self, key: Key, panorama: Panorama | None) -> Sight:
        """What somebody else has seen of it before is no good any more, whoever has it."""
        self.walks.touch(endpoint_of(PrepaidInstance).path(key.namespace, key.name))
        is_old = panorama is not None and panorama.is_from_before(PrepaidInstance, key.namespace, key.name)
        return Sight(self.cluster, panorama, is_old)

    async def look(self, key: Key, instance: PrepaidInstance, sight: Sight) -> Facts:
        """What there is."""
        self.memory.know(key, instance.metadata.resource_version)
        self.desk.introduce(key, accounts_of(instance))
        facts = await sight.look(instance)
        if facts.seen.item:
            self.memory.know(item_of(key), facts.seen.item.metadata.resource_version)
        return facts

    async def tell_others(self, key: Key, facts: Facts) -> None:
        """What was seen and concerns no decision."""
        await self.strays.report(facts)
        await self.intruders.put_out(facts)
        self.desk.dismiss(key.namespace, orders_of_others(facts))

    async def is_overtaken(self, facts: Facts, decision: Decision, sight: Sight) -> bool:
        """Whether the instance has changed since it was read, where something is to be touched that was read after it.

        A stop that was decided in the bin may have seen the workload of a recovery, on whose version it is conditional (P12); a disk that
        was given up may have been wanted again, and be mounted; a word on an item may have been said after it was answered.
        """
        instance = facts.instance
        touching = (action for action in decision.actions if isinstance(action, WorkloadAction | WriteResourceStatus))
        if all(map(sight.vouches_for, touching)) and not (sight.instance_is_old and touches_anything(decision, facts)):
            return False
        newest = await self.cluster.read(PrepaidInstance, instance.metadata.namespace, instance.metadata.name)
        sight.instance_is_old = False
        return newest is None or not is_same_version(newest.metadata, instance.metadata)

    async def put_marks_back(self, key: Key, instance: PrepaidInstance) -> None:
        """A mark that somebody took off a bought instance comes back when it can: nothing waits for it, however often it is taken off."""
        changes = missing_marks(instance.metadata)
        if changes and instance.status.periods and instance.status.phase is not Phase.TERMINATED:
            with suppress(Conflict, Gone, Refused):
                marked = await self.cluster.patch(instance, {"metadata": changes})
                self.memory.know(key, marked.metadata.resource_version)

    async def dismiss(self, key: Key) -> None:
        """It is no more: what waits for it, and what it held, gets a look."""
        self.desk.forget(key)
        self.desk.dismiss(key.namespace, await orders_of(key.namespace, key.name, self.cluster))
        resources = await self.cluster.all(ElasticResource, key.namespace)
        held = [one for one in resources if any(holder.name == key.name for holder in one.status.attached_to)]
        self.room.ask(key.namespace, held)
        await self.strays.report_without_instance(key)

    async def report(self, decision: Decision, facts: Facts, problem: Problem | None, glance: Glance) -> PrepaidInstance:
        """Writes the status if it changed, then tells. A step whose actions were refused is not taken."""
        instance = facts.instance
        if problem and decision.commits:
            decision = replace(decision, status=facts.status, phase=facts.status.phase or Phase.PENDING, commits=False, events=())
        status = status_to_report(decision, facts, problem)
        vanishing = await self.vanishing_orders(instance) if is_its_end(decision, facts) else ()
        if is_worth_a_write(status, facts):
            instance = await glance.write_status(instance.model_copy(update={"status": status}))
        if decision.commits:
            log_commit(decision, instance)
        if decision.commits and decision.status.termination_time:
            self.desk.dismiss(instance.metadata.namespace, facts.seen.orders)
        self.desk.dismiss(instance.metadata.namespace, vanishing)
        await self.let_go(facts, instance)
        for event in decision.events:
            self.recorder.tell(instance, event)
        return instance

    async def vanishing_orders(self, instance: PrepaidInstance) -> tuple[RenewalOrder, ...]:
        """Those that were deleted in flight, and kept because they told what it has paid for as long as it lived."""
        orders = await orders_of(instance.metadata.namespace, instance.metadata.name, self.cluster)
        return tuple(filter(is_vanishing, orders))

    async def let_go(self, facts: Facts, instance: PrepaidInstance) -> None:
        """The order of a purchase that is over, as it was seen last; where that does not do, it gets a look."""
        intent, order = facts.status.intent, facts.seen.intent_order
        if intent is None:
            return
        if order is not None and has_ended(order):
            with suppress(ClusterError):
                await self.orders.let_go(order, instance)
                return
        elif names_same_order(intent, instance.status.intent):
            return
        self.desk.tell(instance.metadata.namespace, intent.order.name)

    def rest(self, key: Key, instance: PrepaidInstance, seen: Seen, decision: Decision, problem: Problem | None) -> Instant | None:
        """What is remembered for the sweep, and when to look again."""
        workload = seen.workload.metadata.resource_version if seen.workload else ""
        is_in_bin = instance.status.phase is Phase.RECYCLED
        faces = faces_of(seen) if is_in_bin else NO_FACES
        self.memory.remember(key, Look(instance.metadata.uid, instance.metadata.resource_version, workload, is_in_bin, faces))
        waits_for = [record.name for record in decision.status.attachments if record.state is AttachmentState.PENDING]
        self.room.wait(key, waits_for)
        is_held = problem is not None or decision.standing is Standing.STALLED or bool(waits_for)
        retry_time = self.cluster.now() + self.retry if problem or (is_held and decision.phase not in RESTING) else None
        return min(filter(None, [decision.wake_time, retry_time]), default=None)


def touches_anything(decision: Decision, facts: Facts) -> bool:
    """But the instance itself."""
    return bool(decision.actions or facts.seen.intruders or stray_beside(facts))


def is_its_end(decision: Decision, facts: Facts) -> bool:
    return decision.phase is Phase.TERMINATED and facts.status.phase is not Phase.TERMINATED


def names_same_order(before: Intent, after: Intent | None) -> bool:
    return after is not None and after.order.uid == before.order.uid


def no_effect(decision: Decision) -> Problem:
    """The same was done just before and did not help: somebody undoes it, or the server keeps it otherwise."""
    names = ", ".join(type(action).__name__ for action in decision.actions)
    return Problem(
        Reason.NO_EFFECT, f"{names} had no effect: something undoes it; look for a webhook or controller that changes the object."
    )
