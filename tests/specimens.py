"""One whole object of each kind, with every field that its schema has: where the tests of the schema start from."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from prepaid.api.resource import Resource

Manifest = dict[str, Any]


def specimen(kind: type[Resource]) -> Manifest:
    """A fresh copy of the kind's specimen."""
    manifest: Manifest = json.loads(json_text(Path(__file__).parent / "specimens" / f"{kind.plural}.yaml"))
    return manifest


@cache
def json_text(path: Path) -> str:
    return json.dumps(yaml.safe_load(path.read_text()))
