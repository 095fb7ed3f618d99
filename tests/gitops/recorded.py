"""The recorded objects: each of our kinds in each phase, by a name that says how it is."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

Body = dict[str, Any]
FILE: Final = Path(__file__).parents[1] / "recorded" / "objects.yaml"


def recorded(name: str) -> Body:
    """A fresh copy of one object."""
    body: Body = json.loads(texts()[name])
    return body


@cache
def texts() -> dict[str, str]:
    return {name: json.dumps(body, default=str) for name, body in yaml.safe_load(FILE.read_text()).items()}
