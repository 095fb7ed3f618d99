"""Histories that are no accident: one operator sleeps at a chosen call of a look while the other, and people, go on; then it wakes.

Each is a way in which an earlier version of the operator, or of the design, went wrong. The watchdog looks on all the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import BinItemPhase, RecycleBinItem
from prepaid.api.instance import Phase, PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.intent import IntentState
from prepaid.api.order import OrderPhase, RenewalOrder
from prepaid.api.resource import Resource
from prepaid.cluster.client import Key
from prepaid.cluster.transport import Request
from simulation.history import History
from simulation.operators import Look, taken
from simulation.served import Body
from simulation.watchdog import Watchdog

MOST_STEPS: Final = 3000
TERM_SECONDS, RETENTION_SECONDS = 20, 60
UNREADABLE: Final = 20_000
INSTANCE: Final = Key(PrepaidInstance, "team-a", "web-1")
ACCOUNT: Final = Key(PrepaidAccount, "team-a", "default")
CALM: Final[dict[str, Any]] = {
    **{"names": ("web-1",), "accounts": (), "classes": ("standard",), "price": "0", "seconds_ahead": (0, 0)},
    **{"loss": 0.0, "deaths": 0.0, "late": 0.0, "holds": 0.0, "lead_seconds": 0, "renewal_anchor": "RenewalTime"},
    **{"period_seconds": TERM_SECONDS, "retention": {"count": RETENTION_SECONDS, "unit": "Second", "rounding": "Exact"}},
}


class Blind(Watchdog):
    """Sees nothing."""

    def look(self) -> None:
        return


@dataclass
class Stage:
    """One instance of a free class, an operator that can be put to sleep, and another that is awake."""

    history: History

    def __post_init__(self) -> None:
        self.sleeper, self.other = self.history.living()
        self.people = self.history.owner.kubectl

    def one(self, kind: type[Resource]) -> Body:
        (body,) = self.people.all(kind)
        return body

    def named(self, kind: type[Resource], name: str) -> Body:
        """One of several, which must be there."""
        body = self.people.find(kind, name)
        assert body is not None, f"there is no {kind.plural} {name}"
        return body

    def one_order(self) -> Body:
        """The owner's."""
        return self.named(RenewalOrder, "order-1")

    def change(self, kind: type[Resource], spec: Body) -> None:
        """What a person patches."""
        self.people.change(self.one(kind), spec)
        self.history.watchdog.look()

    def order(self, spec: Body) -> None:
        """What an owner orders."""
        self.people.create(RenewalOrder, "order-1", {"instanceRef": {"name": "web-1", "uid": ""}, "source": "Owner", **spec})
        self.history.watchdog.look()

    def pass_time(self, seconds: float) -> None:
        self.history.watchdog.look()
        self.history.time.tick(seconds)

    def buy(self) -> None:
        """One period, and it runs."""
        self.ask()
        self.other_works_until(self.is_at_rest_in(Phase.RUNNING))

    def ask(self, name: str = "web-1", periods: int = 1) -> None:
        """For so many periods."""
        spec = {"instanceClass": "standard", "account": "default", "purchasedPeriods": periods, "autoRenew": False, "running": True}
        self.people.create(PrepaidInstance, name, spec)

    def take_away(self, name: str) -> None:
        """By force, past all finalizers. From then on nobody looks on: the watchdog knows no force, and takes the purchase for lost."""
        self.history.watchdog = Blind(self.history.server)
        body = self.named(PrepaidInstance, name)
        self.people.delete(body)
        self.people.patch(body, {"metadata": {"finalizers": None}})

    def is_at_rest_in(self, phase: Phase) -> Callable[[], bool]:
        def is_so() -> bool:
            status = PrepaidInstance.parse(self.one(PrepaidInstance)).status
            return status.phase is phase and any(known.type == "Reconciling" and known.status == "False" for known in status.conditions)

        return is_so

    def other_asks(self, method: str, part: str) -> Callable[[], bool]:
        return lambda: self.other.client.asked is not None and asks(self.other.client.asked, method, part)

    def is_settled(self) -> bool:
        """The owner's order."""
        return bool(self.one_order().get("status", {}).get("phase") == OrderPhase.SETTLED)

    def charged(self) -> str:
        """What the account was."""
        return str(self.one(PrepaidAccount).get("status", {}).get("charged", ""))

    def has_open_intent(self) -> bool:
        intent = PrepaidInstance.parse(self.one(PrepaidInstance)).status.intent
        return intent is not None and intent.state is IntentState.OPEN

    def has_no_intent(self) -> bool:
        return PrepaidInstance.parse(self.one(PrepaidInstance)).status.intent is None

    def other_works_until(self, is_so: Callable[[], bool]) -> None:
        """The other operator, and Kubernetes' own controllers."""
        for _ in range(MOST_STEPS):
            if is_so():
                return
            self.history.server.progress()
            self.other.hear()
            self.other.wake()
            self.other.begin()
            for look in list(self.other.looks):
                self.other.step(look)
                self.history.watchdog.look()
                if is_so():
                    return
        raise LookupError("the other operator never comes to that")

    def other_has_heard(self) -> None:
        """Of all that has happened: it is about to look at that."""
        self.other.hear()
        while len(self.other.queue) > self.other.queue.in_work:
            taken(self.other.queue)

    def other_looks_at(self, look: Look, is_so: Callable[[], bool]) -> None:
        """The other operator goes on with this look alone."""
        for _ in range(MOST_STEPS):
            if is_so():
                return
            self.other.step(look)
            self.history.watchdog.look()
        raise LookupError("the look never comes to that")

    def other_begins(self, key: Key) -> Look:
        """A look of the other operator at this key, whatever else waits."""
        self.other.queue.add(key)
        self.other.queue._give(key)
        self.other.looks.append(self.other.look_at(key, self.other.queue))
        return self.other.looks[-1]

    def other_begins_together(self, *keys: Key) -> Look:
        """A look at several."""
        for key in keys:
            self.other.queue.add(key)
            self.other.queue._give(key)
        self.other.looks.append(self.other.look_together(keys))
        return self.other.looks[-1]

    def other_ends(self, look: Look) -> None:
        self.other_looks_at(look, lambda: look not in self.other.looks)

    def other_works_on(self, method: str, part: str) -> int:
        """Until it is idle: how often it asked so."""
        count = 0

        def is_idle() -> bool:
            nonlocal count
            count += self.other_asks(method, part)()
            return self.other.is_idle()

        self.other_works_until(is_idle)
        return count

    def other_is_started_anew(self) -> None:
        """It was killed, and knows nothing."""
        self.other.die()
        self.other = self.history.processes[1] = self.history.process(1)

    def other_looks_until(self, is_so: Callable[[], bool]) -> None:
        """The other operator looks at the instance and at nothing else."""
        self.other.die()
        for _ in range(MOST_STEPS):
            if is_so():
                return
            self.other.looks = self.other.looks or [self.other.look_at(INSTANCE, self.other.queue)]
            self.other.step(self.other.looks[0])
            self.history.watchdog.look()
        raise LookupError("the other operator never comes to that")

    def end_in_the_bin(self) -> None:
        """Not renewed, then terminated by its owner and cleared away."""
        self.terminate_in_the_bin()
        self.people.delete(self.one(PrepaidInstance))
        self.other_works_until(lambda: not self.people.all(PrepaidInstance))

    def terminate_in_the_bin(self) -> None:
        self.pass_time(2 * TERM_SECONDS)
        self.other_works_until(self.is_at_rest_in(Phase.RECYCLED))
        self.change(RecycleBinItem, {"disposition": "Terminate", "confirm": "web-1"})
        self.other_works_until(self.is_at_rest_in(Phase.TERMINATED))

    def sleep_at(self, method: str, part: str, look: Look | None = None) -> None:
        """The sleeper begins a look (at the instance), and falls asleep when it is about to make this call, or when it is done."""
        self.begin_look(look)
        while self.sleeper.looks and not (self.sleeper.client.asked and asks(self.sleeper.client.asked, method, part)):
            self.sleeper.step(self.sleeper.looks[0])
            self.history.watchdog.look()

    def look_whole(self) -> None:
        """The sleeper looks at the instance, awake."""
        self.begin_look()
        self.wake()

    def begin_look(self, look: Look | None = None) -> None:
        self.sleeper.client.asked = None
        self.sleeper.looks = [look or self.sleeper.look_at(INSTANCE, self.sleeper.queue)]

    def wake(self) -> None:
        """The sleeper ends its look, and knows nothing of what has happened meanwhile."""
        while self.sleeper.looks:
            self.sleeper.step(self.sleeper.looks[0])
            self.history.watchdog.look()


def asks(request: Request, method: str, part: str) -> bool:
    """`$` is the end of the path."""
    return request.method == method and part in f"{request.path}$"


def a_stop_decided_in_the_bin_meets_the_workload_of_the_recovery(stage: Stage) -> None:
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.sleep_at("GET", "instanceclasses")
    stage.change(RecycleBinItem, {"disposition": "Recover", "periods": 5})
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    stage.wake()


def a_stop_comes_after_a_recovery_that_found_nothing_to_start(stage: Stage) -> None:
    stage.pass_time(TERM_SECONDS)
    stage.sleep_at("PATCH", "statefulsets")
    stage.change(PrepaidInstance, {"purchasedPeriods": 6})
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    stage.wake()


def an_end_that_was_confirmed_is_taken_back_at_the_door(stage: Stage) -> None:
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.change(RecycleBinItem, {"disposition": "Terminate", "confirm": "web-1"})
    stage.sleep_at("PUT", "/status")
    stage.change(RecycleBinItem, {"disposition": "Retain"})
    stage.wake()


def an_order_comes_before_the_lock_of_an_item_and_after_a_look(stage: Stage) -> None:
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.change(RecycleBinItem, {"disposition": "Terminate", "confirm": "web-1"})
    stage.sleep_at("GET", "recyclebinitems")
    stage.other_works_until(stage.other_asks("PUT", "recyclebinitems/web-1/status"))
    stage.order({"periods": 5})
    stage.other_works_until(lambda: stage.one(RecycleBinItem).get("status", {}).get("phase") == BinItemPhase.TERMINATING)
    stage.wake()


def an_order_comes_between_a_look_and_the_deadline(stage: Stage) -> None:
    stage.sleep_at("GET", "prepaidaccounts")
    stage.order({"periods": 3})
    stage.pass_time(TERM_SECONDS)
    stage.wake()


def an_item_is_filed_under_the_eyes_of_an_old_look(stage: Stage) -> None:
    stage.sleep_at("GET", "recyclebinitems")
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.wake()


def an_order_that_was_refused_becomes_payable(stage: Stage) -> None:
    stage.change(InstanceClass, {"price": {"amount": "5"}})
    stage.order({"periods": 3, "maxAmount": "1"})
    stage.sleep_at("PUT", "renewalorders/order-1/status")
    stage.change(InstanceClass, {"price": {"amount": "0"}})
    stage.other_works_until(stage.other_asks("PUT", "renewalorders/order-1/status"))
    stage.wake()


def a_word_is_said_on_the_item_of_a_stay_that_is_over(stage: Stage) -> None:
    stage.pass_time(TERM_SECONDS)
    stage.other_works_until(stage.is_at_rest_in(Phase.RECYCLED))
    stage.change(RecycleBinItem, {"disposition": "Recover", "periods": 1})
    stage.other_works_until(stage.other_asks("DELETE", "recyclebinitems"))
    stage.change(RecycleBinItem, {"disposition": "Terminate", "confirm": "web-1"})
    stage.other.die()
    stage.pass_time(TERM_SECONDS)
    stage.look_whole()


def a_deposit_is_lowered_between_the_intent_and_the_debit(stage: Stage) -> None:
    stage.change(InstanceClass, {"price": {"amount": "5"}})
    stage.people.create(PrepaidAccount, "default", {"currency": "CNY", "deposited": "10"})
    stage.other_works_until(lambda: stage.one(PrepaidAccount).get("status", {}).get("balance") == "10")
    stage.change(PrepaidInstance, {"purchasedPeriods": 2})
    stage.other_works_until(stage.has_open_intent)
    stage.other_works_until(stage.other_asks("PUT", "prepaidaccounts/default/status"))
    stage.change(PrepaidAccount, {"deposited": "2"})
    stage.other_works_until(lambda: not stage.has_open_intent())


def another_account_is_named_between_the_intent_and_the_debit(stage: Stage) -> None:
    stage.change(InstanceClass, {"price": {"amount": "5"}})
    for name in ("default", "second"):
        stage.people.create(PrepaidAccount, name, {"currency": "CNY", "deposited": "10"})
    stage.change(PrepaidInstance, {"purchasedPeriods": 2})
    stage.other_works_until(stage.has_open_intent)
    stage.change(PrepaidInstance, {"account": "second"})
    stage.other_is_started_anew()
    stage.other_works_until(lambda: not stage.has_open_intent())


def a_deposit_comes_while_an_order_waits(stage: Stage) -> None:
    stage.change(InstanceClass, {"price": {"amount": "5"}})
    stage.people.create(PrepaidAccount, "default", {"currency": "CNY", "deposited": "2"})
    stage.order({"periods": 1, "maxAmount": ""})
    stage.other_works_until(lambda: bool(stage.one_order().get("status", {}).get("conditions")))
    stage.change(PrepaidAccount, {"deposited": "7"})
    stage.other_works_until(stage.is_settled)


def an_order_is_settled_under_the_eyes_of_a_crowd(stage: Stage) -> None:
    stage.order({"periods": 3})
    stage.other_works_until(lambda: bool(stage.one_order()["metadata"].get("finalizers")))
    stage.sleep_at("GET", "prepaidinstances", stage.sleeper.look_together([INSTANCE]))
    stage.other_works_until(stage.is_settled)
    stage.change(PrepaidInstance, {"autoRenew": True})
    stage.other_works_until(stage.has_no_intent)
    stage.wake()


def a_purchase_is_over_under_the_eyes_of_the_cashier(stage: Stage) -> None:
    is_debited_beside_a_predecessor(stage)
    stage.sleep_at("GET", "persistentvolumeclaims", stage.sleeper.look_at(ACCOUNT, stage.sleeper.queue))
    is_over_and_wants_more(stage)
    stage.wake()


def a_purchase_is_over_under_the_eyes_of_who_looks_at_many_accounts(stage: Stage) -> None:
    """And forgotten by its account, which writes what a deposit makes of its balance. The list of accounts is what a survey reads last."""
    is_debited_beside_a_predecessor(stage)
    stage.sleep_at("GET", "prepaidaccounts$", stage.sleeper.look_together([ACCOUNT]))
    is_over_and_wants_more(stage)
    stage.change(PrepaidAccount, {"deposited": "200"})
    uid = stage.one(PrepaidInstance)["metadata"]["uid"]
    stage.other_works_until(lambda: uid not in stage.one(PrepaidAccount)["status"].get("purchases", {}))
    stage.wake()


def is_debited_beside_a_predecessor(stage: Stage) -> None:
    """By an account that still holds the predecessor's purchase, which makes it ask which of them are over."""
    stage.change(InstanceClass, {"price": {"amount": "5"}})
    stage.people.create(PrepaidAccount, "default", {"currency": "CNY", "deposited": "100"})
    stage.change(PrepaidInstance, {"purchasedPeriods": 2})
    stage.other_works_until(lambda: stage.charged() == "5")
    stage.other_works_until(stage.is_at_rest_in(Phase.RUNNING))
    stage.end_in_the_bin()
    stage.ask()
    stage.other_works_until(lambda: stage.charged() == "10")


def is_over_and_wants_more(stage: Stage) -> None:
    stage.other_looks_until(lambda: not stage.has_open_intent())
    stage.change(PrepaidInstance, {"autoRenew": True})
    stage.other_looks_until(stage.has_no_intent)


def a_look_is_refused_between_the_grant_and_the_settlement(stage: Stage) -> None:
    """Its class cannot be read; a right that was taken away does the same."""
    stage.order({"periods": 3})
    stage.other_works_until(stage.other_asks("PUT", "renewalorders/order-1/status"))
    period = stage.one(InstanceClass)["spec"]["period"]["count"]
    stage.change(InstanceClass, {"period": {"count": UNREADABLE}})
    stage.other_is_started_anew()
    stage.other_works_until(stage.other.is_idle)
    stage.change(InstanceClass, {"period": {"count": period}})
    stage.other.look_at_everything()
    stage.other_works_until(stage.is_settled)


SCENES: Final = (
    a_word_is_said_on_the_item_of_a_stay_that_is_over,
    a_deposit_is_lowered_between_the_intent_and_the_debit,
    a_stop_decided_in_the_bin_meets_the_workload_of_the_recovery,
    a_stop_comes_after_a_recovery_that_found_nothing_to_start,
    an_end_that_was_confirmed_is_taken_back_at_the_door,
    an_order_comes_before_the_lock_of_an_item_and_after_a_look,
    an_order_comes_between_a_look_and_the_deadline,
    an_item_is_filed_under_the_eyes_of_an_old_look,
    an_order_that_was_refused_becomes_payable,
    a_deposit_comes_while_an_order_waits,
    another_account_is_named_between_the_intent_and_the_debit,
    an_order_is_settled_under_the_eyes_of_a_crowd,
    a_purchase_is_over_under_the_eyes_of_the_cashier,
    a_purchase_is_over_under_the_eyes_of_who_looks_at_many_accounts,
    a_look_is_refused_between_the_grant_and_the_settlement,
)


def play(scene: Callable[[Stage], None]) -> History:
    """From a purchase on. Raises Violation, or LookupError where the scene cannot be played."""
    history = History(0, profile=CALM)
    stage = Stage(history)
    try:
        stage.buy()
        scene(stage)
    finally:
        history.end()
    return history
