"""What the exit code of a command means. `prepaid --help` and the README print this list."""

from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """The worst that happened to any item wins, in this order of the list below."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    WAITING_FOR_MONEY = 3
    UNDECIDED = 4
    DECLINED = 5
    INTERRUPTED = 130


MEANINGS: Final = {
    ExitCode.DONE: "all is done (with --no-wait: all was accepted)",
    ExitCode.FAILED: "something was refused, or could not be found or reached",
    ExitCode.USAGE: "the command line is not right",
    ExitCode.WAITING_FOR_MONEY: "nothing was refused, but something waits for money",
    ExitCode.UNDECIDED: "the time was over before all was decided",
    ExitCode.DECLINED: "the question was answered with no, or there was nobody to ask",
    ExitCode.INTERRUPTED: "ended by Ctrl-C",
}
EPILOG: Final = "Exit codes: " + "; ".join(f"{code.value} {meaning}" for code, meaning in MEANINGS.items()) + "."
