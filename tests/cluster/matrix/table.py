"""The matrix as a table of Markdown: what is expected, which test_matrix.py holds against a real server."""

from collections.abc import Iterable
from typing import Final

from cluster.matrix.acts import Act, all_acts
from cluster.matrix.cast import CAST
from marked import replaced

BEGIN, END = "<!-- matrix: written by `make matrix` -->", "<!-- end of the matrix -->"
YES, NO = "●", "·"
HEAD: Final = ("what", "which", "verb", *(actor.title for actor in CAST))


def rendered(acts: Iterable[Act] | None = None) -> str:
    """A row for each act, a column for each who tries: ● may, · may not."""
    rows = [cells(act) for act in acts or all_acts()]
    lines = [HEAD, tuple("---" if number < 3 else ":-:" for number in range(len(HEAD))), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cells(act: Act) -> tuple[str, ...]:
    return (act.what, act.phase, act.verb, *(YES if actor.sign in act.may else NO for actor in CAST))


def inserted(text: str) -> str:
    """The document with today's table between its two marks. Raises ValueError when they are missing."""
    return replaced(text, BEGIN, END, f"\n{rendered()}\n")
