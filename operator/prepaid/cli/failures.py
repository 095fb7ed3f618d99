"""How a command fails: one sentence on stderr, exit code 1, no stack trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from prepaid.local.errors import LocalError, sentence


@contextmanager
def told() -> Iterator[None]:
    """Turns what went wrong on this machine into its sentence."""
    try:
        yield
    except LocalError as error:
        fail(str(error))
    except OSError as error:
        fail(sentence(error))


def fail(text: str) -> None:
    """Ends the command."""
    typer.echo(text, err=True)
    raise typer.Exit(1)
