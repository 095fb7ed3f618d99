"""Carries a batch out: every item is sent, then watched until it is known what became of it. Each gets its own line, also after Ctrl-C."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import advice, sentence
from prepaid.cli.options import Handling, Output
from prepaid.cli.printing import show
from prepaid.cli.results import COLUMNS, Outcome, Result, exit_code, summary
from prepaid.cluster.errors import ClusterError, Gone, Refused, Unavailable
from prepaid.cluster.patience import persist, until

AGAIN = "the same command, said again, tells what became of it and does nothing twice"


@dataclass(frozen=True)
class Task:
    """One item: `send` asks for it, `look` tells what became of it, or None while nobody knows. Both may be called again.

    `foreseen` is what a rehearsal answers once the server has agreed, if more can be said than that it would be done. That it lacks
    money is the answer as well where the time is over before the operator has said so. `way_back` is said of one that waits for money.
    """

    name: str
    send: Callable[[], Awaitable[None]]
    look: Callable[[], Awaitable[Result | None]]
    foreseen: Result | None = None
    way_back: str = ""


@dataclass(frozen=True)
class Manner:
    """How a batch is carried out: `seconds` of waiting, None for not at all."""

    seconds: float | None
    is_rehearsal: bool = False
    output: Output = Output.TABLE

    @classmethod
    def of(cls, how: Handling) -> "Manner":
        """As the options say."""
        return cls(how.timeout if how.wait else None, how.dry_run, how.output)

    def answer(self, task: Task) -> Result | None:
        """What is said as soon as it is sent; None where it is waited for."""
        if self.is_rehearsal:
            return task.foreseen or Result(task.name, Outcome.REHEARSED, "")
        return Result(task.name, Outcome.ASKED, "") if self.seconds is None else None


@dataclass
class Batch:
    """The tasks, and the results so far."""

    tasks: Sequence[Task]
    manner: Manner
    known: list[Result]
    sent: set[str] = field(default_factory=set)

    async def carry_out(self) -> ExitCode:
        """Sends and watches; Ctrl-C ends it with a line for each. Raises nothing of the cluster's for a single item."""
        for result in self.known:
            self.tell(result)
        try:
            with self.progress() as progress:
                await self.send_all(progress)
                await self.watch(progress)
        except asyncio.CancelledError:
            self.close(ExitCode.INTERRUPTED)
            return ExitCode.INTERRUPTED
        self.close(ExitCode.DONE)
        return exit_code(self.known)

    async def send_all(self, progress: Progress) -> None:
        """Each in turn; what one of them meets stops no other."""
        bar = progress.add_task("asking", total=len(self.tasks))
        for task in self.tasks:
            await self.send(task)
            progress.advance(bar)

    async def send(self, task: Task) -> None:
        self.sent.add(task.name)
        try:
            await persist(task.send)
        except ClusterError as error:
            self.learn(failed(task.name, error))
            return
        if result := self.manner.answer(task):
            self.learn(result)

    async def watch(self, progress: Progress) -> None:
        """Until all is known, or the time is over."""
        (bar,) = progress.task_ids
        progress.update(bar, description="waiting", total=len(self.known) + len(self.open_tasks()))

        async def is_over() -> bool:
            for task in self.open_tasks():
                await self.look_at(task)
            progress.update(bar, completed=len(self.known))
            return not self.open_tasks()

        if self.open_tasks():
            with suppress(Unavailable):
                await until(is_over, self.manner.seconds or 0)

    async def look_at(self, task: Task) -> None:
        """What cannot be looked at is that one's own result; a lost connection is waited for."""
        try:
            result = await task.look()
        except (Refused, Gone) as error:
            result = failed(task.name, error)
        if result:
            self.learn(with_way_back(result, task))

    def open_tasks(self) -> list[Task]:
        names = {result.name for result in self.known}
        return [task for task in self.tasks if task.name not in names]

    def learn(self, result: Result) -> None:
        self.known.append(result)
        self.tell(result)

    def tell(self, result: Result) -> None:
        """A line of its own; with JSON and YAML all come together at the end."""
        if self.manner.output in (Output.TABLE, Output.WIDE):
            typer.echo(result.line)

    def close(self, why: ExitCode) -> None:
        """Whatever is still open gets its line, then the sum of all."""
        for task in self.open_tasks():
            self.learn(overdue(task, why) if task.name in self.sent else unsent(task))
        if self.manner.output in (Output.JSON, Output.YAML):
            show(self.known, COLUMNS, self.manner.output, "")
        elif len(self.known) > 1:
            typer.echo(summary(self.known))

    def progress(self) -> Progress:
        """On stderr, on a terminal only."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def failed(name: str, error: ClusterError) -> Result:
    """What the server refuses is refused, with what to do about it; what was lost on the way may have arrived."""
    match error:
        case Gone():
            return Result(name, Outcome.REFUSED, sentence(error))
        case Refused():
            return Result(name, Outcome.REFUSED, advice(error))
        case _:
            return Result(name, Outcome.UNDECIDED, f"{error}; {AGAIN}")


def overdue(task: Task, why: ExitCode) -> Result:
    """Asked for, and nobody has said yet what became of it; that it lacks money was known before."""
    if why is ExitCode.INTERRUPTED:
        return Result(task.name, Outcome.UNDECIDED, f"asked for, then ended by Ctrl-C; {AGAIN}")
    if task.foreseen and task.foreseen.outcome is Outcome.WAITING:
        return with_way_back(Result(task.name, Outcome.WAITING, task.foreseen.message), task)
    return Result(task.name, Outcome.UNDECIDED, f"asked for, then the time is over; {AGAIN}")


def with_way_back(result: Result, task: Task) -> Result:
    """What waits for money is bought by a later deposit, unless it is taken back."""
    if result.outcome is not Outcome.WAITING:
        return result
    return replace(result, message=f"{result.message} {task.way_back}".rstrip())


def unsent(task: Task) -> Result:
    return Result(task.name, Outcome.UNSENT, "ended by Ctrl-C before it was asked for")
