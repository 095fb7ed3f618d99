"""Asks the person at the terminal before money moves or data goes. Where there is nobody to ask, the answer is no."""

import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure

NOBODY = "There is no terminal to ask at: look at it with --dry-run, and say --yes if it is what you want."


def ask_to_pay(question: str, *, yes: bool) -> None:
    """`[y/N]`. Raises Failure unless the answer is yes."""
    if not yes and answer(f"{question} [y/N] ", "Nothing was bought.").lower() not in ("y", "yes"):
        raise Failure("Nothing was bought.", ExitCode.DECLINED)


def ask_for_word(question: str, word: str, *, yes: bool) -> None:
    """The very word must be typed. Raises Failure for any other."""
    if not yes and answer(question, "Nothing was terminated.") != word:
        raise Failure("That is not it. Nothing was terminated.", ExitCode.DECLINED)


def answer(question: str, otherwise: str) -> str:
    """One line from the terminal; its end is no answer. Raises Failure after Ctrl-C, and where there is no terminal: a pipe is nobody."""
    if not sys.stdin.isatty():
        raise Failure(NOBODY, ExitCode.DECLINED)
    try:
        with interruptible():
            typer.echo(question, nl=False, err=True)
            return next_line().strip()
    except KeyboardInterrupt:
        raise Failure(f"\n{otherwise}", ExitCode.INTERRUPTED) from None


def next_line() -> str:
    """Raises KeyboardInterrupt. A Ctrl-C right before read(2) would be noticed only with the line: what is waited for is told of it too."""
    hearing, telling = socket.socketpair()
    with hearing, telling:
        telling.setblocking(False)
        former = signal.set_wakeup_fd(telling.fileno(), warn_on_full_buffer=False)
        try:
            select.select([sys.stdin, hearing], [], [])
        finally:
            signal.set_wakeup_fd(former)
    return sys.stdin.readline()


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends the reading at once: asyncio would only take note of it until the line is there."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
