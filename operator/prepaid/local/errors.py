"""What goes wrong on this machine, as one sentence for whoever typed the command. Knows no stack traces."""

import errno
from typing import Final

NO_SPACE: Final = "no space left on device"


class LocalError(Exception):
    """One sentence: what is wrong, and what to do about it."""


def sentence(error: OSError) -> str:
    """What an error of the operating system means to whoever typed the command."""
    where = error.filename or "a file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({where}): free some space and run the command again."
    return f"{error.strerror or error} ({where})."
