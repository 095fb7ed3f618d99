"""Lengths of time as people write and read them: `90s` on the command line, `6d 23h` in a table."""

import re
from typing import Final

import typer

SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
PATTERN: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)")


def parse_seconds(text: str) -> float:
    """Seconds. Raises BadParameter with an example."""
    found = PATTERN.fullmatch(str(text))
    if not found:
        raise typer.BadParameter(f"{text!r} is no length of time: write it as 90s, 5m or 1h.")
    return float(found[1]) * SECONDS[found[2]]


def in_words(seconds: float) -> str:
    """The two largest units: `6d 23h`, `14m 3s`; nothing left is `0s`."""
    left = int(max(seconds, 0))
    words: list[str] = []
    for unit in ("d", "h", "m", "s"):
        count, left = divmod(left, SECONDS[unit])
        if count or words:
            words.append(f"{count}{unit}")
    return " ".join(word for word in words[:2] if not word.startswith("0")) or "0s"
