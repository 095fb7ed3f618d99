"""A batch: each item gets its own line, whatever becomes of the others, and after Ctrl-C as well."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from rich.progress import Progress

from prepaid.cli.batch import Batch, Manner, Task
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.results import Outcome, Result
from prepaid.cluster.errors import ClusterError, Conflict, Gone, Refused, Unavailable


@dataclass
class Item:
    """One that is answered in turn by `answers`: an error, or what becomes of it (the last for ever)."""

    name: str
    answers: Sequence[ClusterError | None] = (None,)
    outcome: Outcome | None = Outcome.DONE
    foreseen: Result | None = None
    way_back: str = ""
    message: str = ""
    sent: int = field(default=0, init=False)

    def task(self) -> Task:
        return Task(self.name, self.send, self.look, self.foreseen, self.way_back)

    async def send(self) -> None:
        answer = self.answers[min(self.sent, len(self.answers) - 1)]
        self.sent += 1
        if answer is not None:
            raise answer

    async def look(self) -> Result | None:
        return Result(self.name, self.outcome, self.message) if self.outcome else None


@dataclass
class Endless(Item):
    """One whose answer never comes."""

    is_sent: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self) -> None:
        self.is_sent.set()
        await asyncio.Event().wait()


async def results(items: Sequence[Item], manner: Manner) -> tuple[ExitCode, dict[str, Outcome]]:
    batch = Batch([item.task() for item in items], manner, [])
    code = await batch.carry_out()
    return code, {result.name: result.outcome for result in batch.known}


async def test_one_that_is_refused_stops_no_other() -> None:
    code, known = await results([Item("a", [Refused("no")]), Item("b")], Manner(1.0))
    assert (code, known) == (ExitCode.FAILED, {"a": Outcome.REFUSED, "b": Outcome.DONE})


@pytest.mark.parametrize("error", [Unavailable("the line broke"), Conflict("somebody was faster")], ids=["a lost answer", "a conflict"])
async def test_what_may_have_arrived_is_sent_again(error: ClusterError) -> None:
    item = Item("a", [error, None])
    assert await results([item], Manner(1.0)) == (ExitCode.DONE, {"a": Outcome.DONE})
    assert item.sent == 2


FORBIDDEN = Refused('User "alice" cannot patch resource "prepaidinstances"', "Forbidden")


async def test_what_is_forbidden_in_the_middle_says_what_to_do_and_stops_no_other() -> None:
    batch = Batch([Item("a").task(), Item("b", [FORBIDDEN]).task(), Item("c").task()], Manner(1.0), [])
    assert await batch.carry_out() is ExitCode.FAILED
    by_name = {result.name: result for result in batch.known}
    assert [by_name[name].outcome for name in "abc"] == [Outcome.DONE, Outcome.REFUSED, Outcome.DONE]
    assert by_name["b"].message.startswith("You may not do this: ")
    assert "ask an administrator" in by_name["b"].message


async def test_what_is_gone_in_the_middle_is_not_taken_for_a_cluster_without_prepaid() -> None:
    batch = Batch([Item("a", [Gone("there is no PrepaidInstance a any more")]).task()], Manner(1.0), [])
    await batch.carry_out()
    assert [result.line for result in batch.known] == ["a: refused: There is no PrepaidInstance a any more."]


async def test_what_was_not_waited_for_is_done_as_soon_as_all_is_accepted() -> None:
    assert (await results([Item("a"), Item("b")], Manner(None)))[0] is ExitCode.DONE
    assert (await results([Item("a"), Item("b", [FORBIDDEN])], Manner(None)))[0] is ExitCode.FAILED


async def test_the_bar_fills_whatever_was_known_or_refused_before() -> None:
    batch, progress = Batch([Item("b", [Refused("no")]).task(), Item("c").task()], Manner(1.0), [short("a")]), Progress(disable=True)
    await batch.send_all(progress)
    (bar,) = progress.tasks
    assert (bar.description, bar.completed, bar.total) == ("asking", 2, 2)
    await batch.watch(progress)
    assert (bar.description, bar.completed, bar.total) == ("waiting", 3, 3)


async def test_a_time_that_is_over_leaves_it_open() -> None:
    assert await results([Item("a", outcome=None)], Manner(0.0)) == (ExitCode.UNDECIDED, {"a": Outcome.UNDECIDED})


@pytest.mark.parametrize(
    ("manner", "outcome"),
    [
        pytest.param(Manner(None), Outcome.ASKED, id="without waiting"),
        pytest.param(Manner(1.0, is_rehearsal=True), Outcome.REHEARSED, id="in a rehearsal"),
    ],
)
async def test_what_is_not_waited_for(manner: Manner, outcome: Outcome) -> None:
    assert await results([Item("a", outcome=None)], manner) == (ExitCode.DONE, {"a": outcome})


async def test_a_rehearsal_answers_with_what_was_foreseen_unless_the_server_refuses() -> None:
    items = [Item(name, answers, foreseen=short(name)) for name, answers in (("a", [None]), ("b", [Refused("no")]))]
    code, known = await results(items, Manner(None, is_rehearsal=True))
    assert (code, known) == (ExitCode.FAILED, {"a": Outcome.WAITING, "b": Outcome.REFUSED})


def short(name: str) -> Result:
    """It lacks money."""
    return Result(name, Outcome.WAITING, "Account default lacks 1.00 CNY.")


async def test_a_time_that_is_over_leaves_what_lacks_money_waiting() -> None:
    item = Item("a", outcome=None, foreseen=replace(short("a"), amount=Decimal(1)))
    batch = Batch([item.task()], Manner(0.0), [])
    assert await batch.carry_out() is ExitCode.WAITING_FOR_MONEY
    assert batch.known == [short("a")]


@pytest.mark.parametrize(
    ("outcome", "manner", "said"),
    [
        pytest.param(Outcome.WAITING, Manner(1.0), "It lacks money. Delete it.", id="the operator says so"),
        pytest.param(None, Manner(0.0), "It lacks money. Delete it.", id="it was foreseen, and the time is over"),
        pytest.param(Outcome.WAITING, Manner(1.0, is_rehearsal=True), "It lacks money.", id="in a rehearsal nothing is taken back"),
    ],
)
async def test_what_waits_for_money_says_how_to_take_it_back(outcome: Outcome | None, manner: Manner, said: str) -> None:
    waiting = Result("a", Outcome.WAITING, "It lacks money.")
    batch = Batch([Item("a", outcome=outcome, foreseen=waiting, way_back="Delete it.", message=waiting.message).task()], manner, [])
    await batch.carry_out()
    assert batch.known == [replace(waiting, message=said)]


async def test_ctrl_c_says_what_was_done_and_what_was_not(capsys: pytest.CaptureFixture[str]) -> None:
    endless = Endless("c")
    items = [Item("a", [Refused("no")]), Item("b", outcome=None), endless, Item("d")]
    running = asyncio.create_task(results(items, Manner(60.0)))
    await asyncio.wait_for(endless.is_sent.wait(), 10)
    running.cancel()
    code, known = await running
    assert code is ExitCode.INTERRUPTED
    assert known == {"a": Outcome.REFUSED, "b": Outcome.UNDECIDED, "c": Outcome.UNDECIDED, "d": Outcome.UNSENT}
    assert "d: not sent: ended by Ctrl-C before it was asked for" in capsys.readouterr().out
