"""What the person at the terminal sees while it lasts: a moving line on a terminal, plain lines in a log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from prepaid.cluster.clock import monotonic

Detail = Callable[[str], None]


@dataclass(frozen=True)
class Display:
    """Says what is being done."""

    console: Console = field(default_factory=Console)

    def say(self, text: str) -> None:
        """One plain line, never wrapped: a path in it can be copied."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def phase(self, title: str) -> Iterator[Detail]:
        """Something that takes its time. Yields a function that shows what it is at right now."""
        start = monotonic()
        if self.console.is_terminal:
            with self._moving(title) as detail:
                yield detail
        else:
            self.say(f"{title} ...")
            yield lambda _text: None
        self.say(f"{title}: done in {monotonic() - start:.1f} s")

    @contextmanager
    def _moving(self, title: str) -> Iterator[Detail]:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TextColumn("[dim]{task.fields[detail]}"))
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task(escape(title), total=None, detail="")
            yield lambda text: progress.update(task, detail=escape(text))


def quiet() -> Display:
    """A display that shows nothing."""
    return Display(Console(quiet=True))
