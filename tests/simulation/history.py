"""One history: a plan drawn from a seed, what happens step by step, the rest at its end. The same seed gives the same history."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from whenever import Instant

from prepaid.api.instance import PrepaidInstance
from prepaid.api.order import RenewalOrder
from simulation.administrators import Administrator
from simulation.attachers import Attacher
from simulation.buyers import Buyer
from simulation.cashiers import Cashier
from simulation.client import Client
from simulation.clocks import VirtualTime
from simulation.faults import NO_FAULTS, Faults, Killed
from simulation.kubectl import NAMESPACE, Kubectl
from simulation.moments import Violation
from simulation.operators import Process
from simulation.owners import Owner
from simulation.plan import Plan
from simulation.rest import check_rest
from simulation.served import NAMESPACE as NAMESPACE_KIND
from simulation.server import Server
from simulation.store import Address
from simulation.strangers import Stranger
from simulation.trace import Trace
from simulation.watchdog import Watchdog

MOST_ROUNDS = 60


@dataclass
class History:
    """Everything that takes part, and what they do; `profile` overrides what the seed would draw for the plan."""

    seed: int
    with_trace: bool = False
    profile: Mapping[str, Any] = field(default_factory=dict)
    time: VirtualTime = field(default_factory=VirtualTime)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.faults_end = False
        self.plan = plan = replace(Plan.draw(self.chance), **self.profile)
        self.server = Server(self.time.read)
        self.trace = Trace(self.time, self.with_trace)
        self.watchdog = Watchdog(self.server)
        self.server.verbs.create(Address(NAMESPACE_KIND, "", NAMESPACE), {"metadata": {}})
        self.owner = Owner(self._kubectl("owner"), self.chance, plan)
        self.buyer = Buyer(self._kubectl("buyer"), self.chance, plan)
        self.cashier = Cashier(self._kubectl("cashier"), self.chance, plan)
        self.attacher = Attacher(self._kubectl("attacher"), self.chance, plan)
        self.stranger = Stranger(self._kubectl("stranger"), self.chance, plan)
        self.administrator = Administrator(self._kubectl("admin"), self.chance, plan)
        self.administrator.put_classes_right()
        if plan.is_open_early:
            self.cashier.open_all()
        self.attacher.furnish()
        self.processes: list[Process | None] = [self.process(0), self.process(1)]

    def run(self) -> None:
        """The whole history. Raises Violation."""
        for _ in range(self.plan.moves):
            self.move()
            self.work(self.chance.choice(self.plan.turns))
        self.come_to_rest()
        if self.chance.random() < self.plan.carelessness:
            self.stranger.empty_a_status(self.watchdog.ledger.books.without_order())
        elif self.chance.random() < 0.3:
            self.cashier.pay_everything()
        self.watchdog.look()
        self.time.tick(self.chance.choice((0, 100, 10 * 86_400)))
        self.come_to_rest()

    def move(self) -> None:
        """Something happens that the operators do not do."""
        plan = self.plan
        movers = (
            (plan.strangers, self.stranger.moves),
            (plan.administrators, self.administrator.moves),
            (plan.cashiers, self.cashier.moves),
            (plan.buyers, self.buyer.moves),
            (plan.attachers, self.attacher.moves),
        )
        drawn = self.chance.random()
        for weight, moves in movers:
            if 0 <= drawn < weight:
                moves()
            drawn -= weight
        if drawn >= 0:
            (self.owner.moves if self.chance.random() < 0.5 else self.pass_time)()
        self.watchdog.look()

    def pass_time(self) -> None:
        """A little, or to just before, at, or just after the next deadline of an instance, or the next moment that a process waits for."""
        drawn = self.chance.random()
        moments = self.deadlines() if drawn < 0.3 else self.wake_times() if drawn < 0.6 else []
        ahead = [moment for moment in moments if moment > self.time.now]
        if ahead:
            seconds = (min(ahead) - self.time.now).total("seconds") + self.chance.choice((-1, 0, 0, 1, 3))
            self.time.tick(max(0.0, seconds))
        else:
            self.time.tick(self.chance.choice((1, 1, 2, 5)))

    def deadlines(self) -> list[Instant]:
        """The end of each term that runs, and of each stay in the bin."""
        statuses = [PrepaidInstance.parse(body).status for body in self.server.bodies(PrepaidInstance)]
        ends = [status.release_time or status.expiration_time for status in statuses if status.termination_time is None]
        return [end for end in ends if end]

    def wake_times(self) -> list[Instant]:
        return [moment for process in self.living() for moment in process.due.values()]

    def work(self, turns: int) -> None:
        """So many turns of the operators and of Kubernetes' own controllers."""
        for _ in range(turns):
            self.turn()
            self.watchdog.look()

    def turn(self) -> None:
        """One call of one look, or what leads to one."""
        number = self.chance.randrange(2)
        process = self.processes[number]
        if process is None:
            if self.faults_end or self.chance.random() < 0.1:
                self.processes[number] = self.process(number)
            return
        drawn = self.chance.random()
        if drawn < 0.15:
            self.server.progress()
        elif drawn < 0.25:
            self.listen(process)
        elif drawn < 0.35 or not process.looks:
            process.begin()
        else:
            self.step(number, process)

    def listen(self, process: Process) -> None:
        if not self.faults_end and self.chance.random() < self.plan.gaps:
            process.miss()
        process.hear()
        process.wake()

    def step(self, number: int, process: Process) -> None:
        look = self.chance.choice(process.looks)
        if look.held and not self.faults_end:
            look.held -= 1
            return
        if not self.faults_end and self.chance.random() < self.plan.holds and not self.is_held(1 - number):
            look.held = self.chance.choice((3, 10, 40, 200))
        try:
            process.step(look)
        except Killed:
            process.die()
            self.processes[number] = None

    def is_held(self, number: int) -> bool:
        """Only one of the two is held up at a time: what it has seen grows old while the other goes on."""
        process = self.processes[number]
        return process is not None and any(look.held for look in process.looks)

    def come_to_rest(self) -> None:
        """Everything goes well from here: in the end nothing is written any more, and all is as it should be."""
        self.faults_end = True
        self.administrator.put_classes_right()
        for process in self.living():
            process.client.faults, process.clock.read_wall = NO_FAULTS, self.time.read
        for _ in range(MOST_ROUNDS):
            before = self.server.store.number
            self.finish()
            soon = self.looks_at_orders_to_come()
            if self.server.store.number == before and not soon:
                break
            self.time.tick(max(1.0, (min(soon) - self.time.now).total("seconds")) if soon else 1.0)
        else:
            raise Violation("it never comes to rest")
        check_rest(self.server, self.watchdog.ledger.books)

    def looks_at_orders_to_come(self) -> list[Instant]:
        """Orders that were seen in flight are looked at again after a while: what has ended meanwhile is let go then."""
        return [moment for process in self.living() for key, moment in process.due.items() if key.kind is RenewalOrder]

    def finish(self) -> None:
        """All that can be done at this moment, with a look at everything by both."""
        for number, process in enumerate(self.processes):
            living = process or self.process(number)
            self.processes[number] = living
            living.hear()
            living.wake()
            living.sweep_everything()
            living.look_at_everything()
        for _ in range(5000):
            if all(process.is_idle() for process in self.living()) and not self.server.progress():
                return
            self.turn()
            self.watchdog.look()
        raise Violation("the operators are never done")

    def end(self) -> None:
        """Closes what is still under way, after a violation."""
        for process in self.living():
            process.die()

    def living(self) -> list[Process]:
        return [process for process in self.processes if process is not None]

    def _kubectl(self, name: str) -> Kubectl:
        return Kubectl(Client(self.server, name, NO_FAULTS, None, self.trace.tell))

    def process(self, number: int) -> Process:
        """A fresh start of one of the two."""
        faults = NO_FAULTS if self.faults_end else Faults(self.chance, self.plan.loss, self.plan.deaths, self.plan.late)
        client = Client(self.server, "AB"[number], faults, None, self.trace.tell)
        client.clock = self.time.clock(0 if self.faults_end else self.plan.seconds_ahead[number])
        return Process(client)
