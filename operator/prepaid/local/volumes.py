"""The directories of claims. Kubernetes' host-path provisioner has its place fixed in its code, so they lie outside our directory."""

import mmap
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PLACE: Final = Path("/tmp/hostpath_pv")
WRITTEN: Final = re.compile(rb"/tmp/hostpath_pv/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def volume_directories(data: Path) -> frozenset[Path]:
    """Every directory that this control plane has ever given to a volume, read from etcd's files: works when nothing runs any more.

    The names are random: none belongs to another control plane, and one that is gone already does no harm.
    """
    files = [file for file in data.rglob("*") if file.is_file() and file.stat().st_size > 0]
    return frozenset(PLACE / name for file in files for name in names_in(file))


def names_in(file: Path) -> Iterator[str]:
    """The names of volume directories written anywhere in this file."""
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in WRITTEN.finditer(content):
            yield found[1].decode()


def remove_volumes(data: Path) -> int:
    """Removes them; answers how many were there."""
    present = [directory for directory in volume_directories(data) if directory.is_dir()]
    for directory in present:
        shutil.rmtree(directory, ignore_errors=True)
    return len(present)
