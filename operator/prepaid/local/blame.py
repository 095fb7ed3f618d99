"""Why a part did not come up, in one sentence, from its log and its disk."""

import shutil
from collections.abc import Sequence
from typing import Final

from prepaid.local.errors import NO_SPACE
from prepaid.local.layout import Layout
from prepaid.local.processes import STARTED

TAIL_LINES: Final = 200
LITTLE_BYTES: Final = 1 << 20
GRAVE: Final = ('"level":"fatal"', '"level":"panic"', "panic:", "err=", "Error:", "error:")


def failure(layout: Layout, part: str, *, is_alive: bool) -> str:
    """One sentence about a part that did not come up, with the gravest thing that it said last."""
    log = layout.log(part)
    lines = last_run(log.read_text(errors="replace")) if log.exists() else []
    if is_full(lines, shutil.disk_usage(layout.root).free):
        return f"The disk is full: {part} cannot write to {layout.root}; free some space and run the command again."
    what = "does not become ready" if is_alive else "ended right after its start"
    return f"{part} {what}: {last_words(lines)} (see {log})"


def last_run(text: str) -> list[str]:
    """The end of what was said since the last start: what went wrong before is no matter now."""
    return text.rpartition(STARTED)[2].splitlines()[-TAIL_LINES:]


def is_full(lines: Sequence[str], free_bytes: int) -> bool:
    """A full disk may have no room left even for the complaint."""
    return free_bytes < LITTLE_BYTES or any(NO_SPACE in line for line in lines)


def last_words(lines: Sequence[str]) -> str:
    """The last line that tells of an error; of a stack trace, what caused it; else the last line."""
    grave = [line for line in lines if any(sign in line for sign in GRAVE)]
    last = next(reversed(grave or lines), "it said nothing")
    return last.strip()[:300]
