"""One history: a plan drawn from a seed, what happens step by step, the rest at its end. The same seed gives the same history."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from prepaid.lifecycle.template import merge_patch
from simulation.client import Client
from simulation.clocks import VirtualTime
from simulation.faults import NO_FAULTS, Faults, Killed
from simulation.invariants import Violation, Watchdog
from simulation.operators import Process
from simulation.people import NAMES, People
from simulation.rest import check_rest
from simulation.server import Server
from simulation.trace import Trace

PRESET = Path(__file__).parents[2] / "deploy" / "classes" / "standard.yaml"
MOST_ROUNDS = 60


@dataclass(frozen=True)
class Plan:
    """What kind of history this is: how long, how rough, and how far off each operator's clock is."""

    moves: int
    names: tuple[str, ...]
    loss: float
    deaths: float
    late: float
    gaps: float
    strangers: float
    administrators: float
    seconds_ahead: tuple[float, float]
    period_seconds: int
    retention: dict[str, Any]

    @classmethod
    def draw(cls, chance: Random) -> "Plan":
        is_rough = chance.random() < 0.8
        exact = {"count": chance.randint(5, 60), "unit": "Second", "rounding": "Exact"}
        days = {"count": chance.randint(1, 3), "unit": "Day", "rounding": "EndOfDay", "dayType": chance.choice(("Calendar", "Working"))}
        return cls(
            moves=chance.randint(10, 60),
            names=NAMES[: chance.choice((1, 1, 2))],
            loss=chance.choice((0.0, 0.02, 0.1)) if is_rough else 0.0,
            deaths=chance.choice((0.0, 0.02, 0.1)) if is_rough else 0.0,
            late=chance.choice((0.0, 0.2)),
            gaps=chance.choice((0.0, 0.3)) if is_rough else 0.0,
            strangers=chance.choice((0.0, 0.1)),
            administrators=chance.choice((0.0, 0.1)),
            seconds_ahead=(chance.choice((0, 0, -5, 8, 25)), chance.choice((0, 0, -20, 3))),
            period_seconds=chance.randint(5, 40),
            retention=exact if chance.random() < 0.8 else days,
        )


@dataclass
class History:
    """Everything that takes part, and what they do."""

    seed: int
    with_trace: bool = False
    time: VirtualTime = field(default_factory=VirtualTime)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.faults_end = False
        self.plan = Plan.draw(self.chance)
        self.server = Server(self.time.read)
        self.trace = Trace(self.time, self.with_trace)
        self.watchdog = Watchdog(self.server)
        self.people = People(self._client("owner", NO_FAULTS), self.chance, offer(self.plan), self.plan.names)
        self.stranger = People(self._client("stranger", NO_FAULTS), self.chance, offer(self.plan), self.plan.names)
        self.administrator = People(self._client("admin", NO_FAULTS), self.chance, offer(self.plan), self.plan.names)
        self.administrator.put_class_right()
        self.processes: list[Process | None] = [self._process(0), self._process(1)]

    def run(self) -> None:
        """The whole history. Raises Violation."""
        for _ in range(self.plan.moves):
            self.move()
            self.work(self.chance.choice((0, 3, 10, 30)))
        self.come_to_rest()
        self.time.tick(self.chance.choice((0, 100, 10 * 86_400)))
        self.come_to_rest()

    def move(self) -> None:
        """Something happens that the operators do not do."""
        drawn = self.chance.random()
        if drawn < self.plan.strangers:
            self.stranger.stranger_moves()
        elif drawn < self.plan.strangers + self.plan.administrators:
            self.administrator.administrator_moves()
        elif drawn < 0.5:
            self.people.owner_moves()
        else:
            self.pass_time()
        self.watchdog.look()

    def pass_time(self) -> None:
        """A little, or up to the moment at which something is due: just before, at, or just after it."""
        due = [moment for process in self.living() for moment in process.due.values() if moment > self.time.now]
        if due and self.chance.random() < 0.5:
            seconds = (min(due) - self.time.now).total("seconds") + self.chance.choice((-1, 0, 0, 1, 3))
            self.time.tick(max(0.0, seconds))
        else:
            self.time.tick(self.chance.choice((1, 2, 5, 15)))

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
                self.processes[number] = self._process(number)
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
        if not self.faults_end and self.chance.random() < 0.02:
            look.held = self.chance.choice((3, 10, 40, 200))
        try:
            process.step(look)
        except Killed:
            process.die()
            self.processes[number] = None

    def come_to_rest(self) -> None:
        """Everything goes well from here: in the end nothing is written any more, and all is as it should be."""
        self.faults_end = True
        self.administrator.put_class_right()
        for process in self.living():
            process.client.faults, process.clock.read_wall = NO_FAULTS, self.time.read
        for _ in range(MOST_ROUNDS):
            before = self.server.store.number
            self.finish()
            if self.server.store.number == before:
                break
            self.time.tick(1)
        else:
            raise Violation("it never comes to rest")
        check_rest(self.server)

    def finish(self) -> None:
        """All that can be done at this moment, with a look at everything by both."""
        for number, process in enumerate(self.processes):
            living = process or self._process(number)
            self.processes[number] = living
            living.hear()
            living.wake()
            living.sweep_everything()
        for _ in range(3000):
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

    def _client(self, name: str, faults: Faults) -> Client:
        return Client(self.server, name, faults, None, self.trace.tell)

    def _process(self, number: int) -> Process:
        faults = NO_FAULTS if self.faults_end else Faults(self.chance, self.plan.loss, self.plan.deaths, self.plan.late)
        client = self._client("AB"[number], faults)
        client.clock = self.time.clock(0 if self.faults_end else self.plan.seconds_ahead[number])
        return Process(client)


def offer(plan: Plan) -> dict[str, Any]:
    """The preset that ships, with terms that a history lives to see the end of."""
    spec = {
        "period": {"count": plan.period_seconds, "unit": "Second"},
        "retention": plan.retention,
        "notices": {"beforeExpirationDays": [], "beforeReleaseHours": []},
    }
    return merge_patch(preset(), {"spec": spec})  # type: ignore[no-any-return]


@cache
def preset() -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(PRESET.read_text())
    return body
