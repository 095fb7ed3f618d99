"""Looks at every change once, in order, keeps the books, and has each checked by those who know what must hold of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import InstanceStatus, PrepaidInstance
from prepaid.api.order import RenewalOrder
from simulation.books import Grant
from simulation.deadlines import DEADLINES
from simulation.elastic import check_resource, no_disk_is_erased
from simulation.invariants import LIFE, no_item_is_dropped_in_its_stay, no_living_data_is_erased
from simulation.moments import Ledger, Moment
from simulation.money import check_account, check_order
from simulation.purchases import PURCHASES, what_was_lost_is_rebuilt
from simulation.served import CLAIM, STATEFUL_SET
from simulation.server import Server
from simulation.starts import no_paid_workload_is_stopped, note_readiness
from simulation.store import Change

CHECKS: Final[tuple[Callable[[Moment], None], ...]] = (*LIFE, *PURCHASES, *DEADLINES)
EMPTY: Final = InstanceStatus()


@dataclass
class Watchdog:
    """Raises Violation at the first change that breaks a rule."""

    server: Server
    ledger: Ledger = field(default_factory=Ledger)
    seen: int = 0

    def look(self) -> None:
        log = self.server.store.log
        while self.seen < len(log):
            change = log[self.seen]
            self.seen += 1
            self.look_at(change)
            self.ledger.note_time(self.server.read_time(), change.number)

    def look_at(self, change: Change) -> None:
        match change.address.served.kind:
            case PrepaidInstance.kind:
                self._instance(change)
            case RecycleBinItem.kind:
                self._item(change)
            case PrepaidAccount.kind if change.type != "DELETED":
                check_account(change, self.server, self.ledger.books)
            case RenewalOrder.kind:
                check_order(change, self.server, self.ledger.books)
            case ElasticResource.kind:
                check_resource(change, self.server, self.ledger.books)
            case CLAIM.kind:
                no_living_data_is_erased(change, self.ledger)
                no_disk_is_erased(change)
            case STATEFUL_SET.kind:
                no_paid_workload_is_stopped(change, self.server, self.ledger)

    def _instance(self, change: Change) -> None:
        if change.before is None or change.type == "DELETED":
            return
        moment = Moment(self.server, self.ledger, change.number, PrepaidInstance.parse(change.before), PrepaidInstance.parse(change.body))
        note_readiness(moment)
        if moment.before != moment.after:
            self._status(moment)

    def _status(self, moment: Moment) -> None:
        """What was emptied is nobody's decision; what is rebuilt must be what was lost."""
        if moment.before.periods and moment.after == EMPTY:
            self.ledger.emptied[moment.uid] = moment.before
        elif moment.uid in self.ledger.emptied and moment.after.periods:
            what_was_lost_is_rebuilt(moment)
            del self.ledger.emptied[moment.uid]
        else:
            self._checked(moment)

    def _checked(self, moment: Moment) -> None:
        for check in CHECKS:
            check(moment)
        if moment.granted:
            self.ledger.books.grants[moment.granted.order.uid] = Grant(moment.uid, moment.granted)
        if moment.is_recycled:
            self.ledger.entered[moment.uid, moment.after.stay] = moment.now
        if moment.passes_door:
            self.ledger.ended.add(moment.uid)

    def _item(self, change: Change) -> None:
        if change.type == "DELETED":
            no_item_is_dropped_in_its_stay(change, self.server)
        spec = change.body["spec"]
        ref = spec["instanceRef"]
        words = self.ledger.words.setdefault((ref["uid"], ref["stay"]), set())
        words.add((spec["disposition"], spec["periods"]))
