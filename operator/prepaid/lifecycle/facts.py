"""Everything that a decision rests on: the instance as written, what was seen in the cluster, and the moment."""

from dataclasses import dataclass
from functools import cached_property

from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import DataRecord, InstanceStatus, PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.api.terms import Terms
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.reasons import Problem
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.term import Stay, Term, read_term


@dataclass(frozen=True)
class SeenData:
    """One piece of data: its record unless it is new, the live object if there is one, and whether it is this instance's.

    A volume on record is not looked at while its claim is there: it cannot go before it.
    """

    record: DataRecord | None
    live: LiveObject | None
    volume: LiveObject | None
    is_ours: bool


@dataclass(frozen=True)
class SeenResource:
    """An elastic resource that the instance names or holds, if it is there, and its target: None when that is missing.

    `rival` is an older resource with the same target; `account` is the one that pays while it is idle; `intruder` is a pod of nobody's that
    mounts a disk which the instance does not hold.
    """

    name: str
    resource: ElasticResource | None
    target: LiveObject | Problem | None = None
    rival: str = ""
    account: PrepaidAccount | None = None
    intruder: str = ""

    def is_held_by(self, uid: str) -> bool:
        return self.resource is not None and any(holder.uid == uid for holder in self.resource.status.attached_to)


@dataclass(frozen=True)
class SeenPod:
    """A pod that carries the instance's label and is not gone; only one that its workload controls is the instance's own."""

    live: LiveObject
    is_controlled: bool


@dataclass(frozen=True)
class Seen:
    """What one look at the cluster showed. `pods` counts the instance's pods that are not gone; `hidden` says why nothing could be seen.

    `orders` are those that name the instance and have not ended, by a LIST made in this look; `intent_order` and `intent_account` are
    what the purchase in flight names, if they are still there; `history` are its orders, read only where the status has no term.
    `sold` is the class, and `home` the namespace, read only before the first purchase.
    `resources` and `own_pods` are what its attachments rest on; `intruders` are pods of nobody's that mount its data.
    """

    terms_on_offer: Terms | Problem
    class_version: str
    rendering: Rendering | Problem | None
    workload: LiveObject | None
    workload_is_ours: bool
    data: tuple[SeenData, ...]
    pods: int
    item: RecycleBinItem | None
    orders: tuple[RenewalOrder, ...] = ()
    intent_order: RenewalOrder | None = None
    account: PrepaidAccount | None = None
    intent_account: PrepaidAccount | None = None
    history: tuple[RenewalOrder, ...] = ()
    hidden: Problem | None = None
    sold: InstanceClass | None = None
    home: LiveObject | None = None
    resources: tuple[SeenResource, ...] = ()
    own_pods: tuple[SeenPod, ...] = ()
    intruders: tuple[LiveObject, ...] = ()


def nothing_seen(why: Problem) -> Seen:
    """A look that the server refused."""
    return Seen(why, "", why, workload=None, workload_is_ours=False, data=(), pods=0, item=None, hidden=why)


@dataclass(frozen=True)
class Facts:
    """What `decide` is given. `now` is aware UTC in whole seconds; `clocks_agree` says whether ours and the server's lie within 30 s."""

    instance: PrepaidInstance
    seen: Seen
    now: Instant
    clocks_agree: bool = True

    @property
    def status(self) -> InstanceStatus:
        return self.instance.status

    @cached_property
    def term_or_problem(self) -> Term | Problem | None:
        return read_term(self.instance.status)

    @property
    def term(self) -> Term:
        """The term of an instance that has a readable one; rules before make sure of it."""
        assert isinstance(self.term_or_problem, Term)
        return self.term_or_problem

    @property
    def stay(self) -> Stay:
        """The present stay in the bin; rules before make sure that there is one."""
        assert self.term.stay is not None
        return self.term.stay

    @property
    def is_deleted(self) -> bool:
        return self.instance.metadata.deletion_timestamp is not None

    @property
    def own_item(self) -> RecycleBinItem | None:
        """The bin item of this very stay; one of another uid or stay is not obeyed (api.md)."""
        item = self.seen.item
        if item is None or item.spec.instance_ref.uid != self.instance.metadata.uid or item.spec.instance_ref.stay != self.status.stay:
            return None
        return item
