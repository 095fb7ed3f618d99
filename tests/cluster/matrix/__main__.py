"""`make matrix`: writes the table into SECURITY.md and prints it."""

import sys
from pathlib import Path

from cluster.matrix.table import inserted, rendered

DOCUMENT = Path(__file__).parents[3] / "SECURITY.md"

DOCUMENT.write_text(inserted(DOCUMENT.read_text()))
sys.stdout.write(rendered() + "\n")
