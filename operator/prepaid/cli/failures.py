"""How a command fails: one sentence on stderr that says what to do, an exit code, no stack trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from prepaid.cli.exit_codes import ExitCode
from prepaid.cluster.errors import ClusterError, Gone, Refused, Unavailable
from prepaid.lifecycle.lengths import UnreadableTerms
from prepaid.local.errors import LocalError
from prepaid.local.errors import sentence as local_sentence


class Failure(Exception):
    """What a person did not get, as one sentence that says what to do."""

    def __init__(self, text: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(text)
        self.code = code


@contextmanager
def told() -> Iterator[None]:
    """Turns what went wrong on this machine or in the cluster into its sentence."""
    try:
        yield
    except Failure as error:
        fail(str(error), error.code)
    except ClusterError as error:
        fail(advice(error))
    except UnreadableTerms as error:
        fail(f"A deadline cannot be reckoned: {error}")
    except LocalError as error:
        fail(str(error))
    except OSError as error:
        fail(local_sentence(error))


def advice(error: ClusterError) -> str:
    """What the cluster answered, and what to do about it."""
    said = str(error).rstrip(".")
    match error:
        case Unavailable(reason="Unauthorized"):
            return "The cluster does not accept your credentials: renew those of your kubeconfig, or choose another --context."
        case Unavailable():
            return f"Not now: {said}; check the kubeconfig and the network, and run the same command again."
        case Refused(reason="Forbidden"):
            return f"You may not do this: {said}; ask an administrator for the right, or choose another --context or namespace (-n)."
        case Gone():
            return f"It is not there: {said}; if Prepaid is not installed in this cluster, an administrator does `kubectl apply -f crds`."
        case _:
            return sentence(error)


def sentence(error: Exception) -> str:
    """What it says, begun and ended as a sentence."""
    said = str(error).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def fail(text: str, code: ExitCode = ExitCode.FAILED) -> NoReturn:
    """Ends the command."""
    typer.echo(text, err=True)
    raise typer.Exit(code)
