"""What one look at an instance rests on, and how long that is good for: a glance that is kept, or made anew."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.instance import PrepaidInstance
from prepaid.api.resource import ObjectMeta
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Refused
from prepaid.cluster.glance import Glance
from prepaid.cluster.panorama import Panorama
from prepaid.control.look import look
from prepaid.lifecycle.actions import Action, FileInBin, PatchObject, is_preparation
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision, is_consequence
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.purchasing import is_said


@dataclass
class Sight:
    """Begins with what others have seen, if there is a panorama.

    One that `is_from_before` the last commit is good for what follows from that, and for nothing else. Where `instance_is_old`, it was seen
    before the rest: good for a commit, which is conditional on it, and for nothing that touches anything else.
    """

    cluster: Cluster
    panorama: Panorama | None = None
    instance_is_old: bool = False
    is_from_before: bool = False
    committed_on: LiveObject | None = None
    """The workload as it was when the last commit succeeded: had another stay begun before it was seen, the commit had met a conflict."""
    seen_before_filing: Facts | None = None
    """What was seen when it was decided to file the item, and nothing else was done since."""
    glance: Glance = field(init=False)

    def __post_init__(self) -> None:
        self.glance = Glance(self.cluster, self.panorama)

    def renew(self) -> None:
        """All is read anew."""
        self.glance, self.is_from_before, self.committed_on, self.instance_is_old = Glance(self.cluster), False, None, False
        self.seen_before_filing = None

    def is_good_for(self, decision: Decision, facts: Facts) -> bool:
        """Whether this may be done on it. On a sight from before nothing is bought, and nothing said but that a purchase is over."""
        if not self.is_from_before:
            return True
        return is_consequence(decision) and (bool(decision.actions) or is_said(status_to_report(decision, facts), facts))

    async def look(self, instance: PrepaidInstance) -> Facts:
        """What there is. After nothing but a filing the item is all that can be new: the glance would repeat the rest."""
        known = self.seen_before_filing
        if known is not None:
            with suppress(Refused):
                item = await self.glance.read(RecycleBinItem, instance.metadata.namespace, instance.metadata.name)
                return replace(known, seen=replace(known.seen, item=item), clocks_agree=self.cluster.clock.agree())
        return await look(instance, self.glance)

    def act(self, actions: Sequence[Action], facts: Facts) -> None:
        """What only prepares for more, or follows from a commit, is no reason to look at everything anew."""
        if not self.is_from_before and not all(map(is_preparation, actions)):
            self.renew()
        self.seen_before_filing = facts if all(isinstance(action, FileInBin) for action in actions) else None

    def commit(self, facts: Facts, written: PrepaidInstance) -> None:
        """The instance is another one now; what was written is remembered, the rest is from before."""
        self.is_from_before, self.instance_is_old, self.seen_before_filing = True, False, None
        self.committed_on = None if is_same_version(written.metadata, facts.instance.metadata) else facts.seen.workload

    def vouches_for(self, action: Action) -> bool:
        """Whether it changes the very workload that the last commit rests on."""
        known = self.committed_on
        return known is not None and isinstance(action, PatchObject) and is_same_version(action.live.metadata, known.metadata)


def is_same_version(one: ObjectMeta, other: ObjectMeta) -> bool:
    return (one.uid, one.resource_version) == (other.uid, other.resource_version)
