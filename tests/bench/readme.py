"""Puts the table of the run in docs/ into the README, between its two marks: `PYTHONPATH=tests python -m bench.readme`."""

import json
import sys
from pathlib import Path
from typing import Any

from marked import replaced

BEGIN, END = "<!-- bench: the run in docs/ -->\n", "<!-- /bench -->\n"
README, RUN, TABLE = Path("README.md"), Path("docs/bench.json"), Path("docs/bench.md")


def main() -> int:
    told = json.loads(RUN.read_text())
    README.write_text(replaced(README.read_text(), BEGIN, END, section(told, TABLE.read_text())))
    return 0


def section(told: dict[str, Any], table: str) -> str:
    """When and where it was measured, and what came out."""
    machine = told["machine"]
    where = f"{machine['cores']} cores ({machine['processor']}), Kubernetes {machine['kubernetes']}, Python {machine['python']}"
    return f"The run of {machine['date'][:10]}, N={told['n']}, on {where}; load before it {machine['load before']}:\n\n{table}"


if __name__ == "__main__":
    sys.exit(main())
