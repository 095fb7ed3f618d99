"""Lengths of time on the command line and in a table."""

import pytest
import typer

from prepaid.cli.durations import in_words, parse_seconds


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3600), ("2d", 172_800), ("0.5s", 0.5)])
def test_what_is_read(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1w", "1 h"])
def test_what_is_not_read_gets_an_example(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="90s, 5m or 1h"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0s"), (0, "0s"), (59.9, "59s"), (60, "1m"), (3661, "1h 1m"), (86_400, "1d"), (86_399, "23h 59m"), (604_799, "6d 23h")],
)
def test_what_is_left_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
