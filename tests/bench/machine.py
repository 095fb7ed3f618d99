"""What the figures were measured on, so that nobody compares what cannot be compared."""

import os
import platform
from importlib.metadata import version
from typing import Any, Final

from whenever import Instant

from prepaid.local.tools import KUBERNETES

PACKAGES: Final = ("kopf", "kubernetes", "aiohttp", "pydantic", "uvloop")


def facts() -> dict[str, Any]:
    """Cores, load, versions and the date."""
    return {
        "date": Instant.now().round("second").format_iso(),
        "cores": len(os.sched_getaffinity(0)),
        "load before": round(os.getloadavg()[0], 2),
        "machine": platform.machine(),
        "processor": processor(),
        "python": platform.python_version(),
        "kubernetes": KUBERNETES,
        **{f"python package {name}": version(name) for name in PACKAGES},
    }


def processor() -> str:
    with open("/proc/cpuinfo") as told:
        names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return names[0] if names else "unknown"
