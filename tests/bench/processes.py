"""What a process has used so far, as /proc tells it, and when it comes to rest."""

import os
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Final

from cluster.waiting import NeverCame

TICKS: Final = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS: Final = 0.1
BUSY_SECONDS: Final = 0.02
CALM_LOOKS: Final = 10


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICKS


def memory_bytes(pid: int) -> int:
    """Its proportional share of what is resident: PSS."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in told if line.startswith("Pss:"))


def until_calm(pid: int, limit: float) -> float:
    """Waits until it does nothing for about a second; the monotonic moment at which it was last seen busy. Raises NeverCame."""
    begin = last_busy = monotonic()
    used, calm = cpu_seconds(pid), 0
    while calm < CALM_LOOKS:
        if monotonic() - begin > limit:
            raise NeverCame(f"process {pid} does not come to rest within {limit:.0f} s")
        Event().wait(LOOK_SECONDS)
        former, used = used, cpu_seconds(pid)
        calm = calm + 1 if used - former < BUSY_SECONDS else 0
        last_busy = monotonic() if calm == 0 else last_busy
    return last_busy
