"""Where crds/ and deploy/ lie, and what is written in their files. Knows nothing of applying them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from prepaid.local.errors import LocalError

PACKAGE: Final = Path(__file__).parent.parent
CHECKOUT: Final = PACKAGE.parent.parent
CORE: Final = "v1"

Object = dict[str, Any]


@dataclass(frozen=True)
class Manifests:
    """The folder that holds crds/ and deploy/."""

    root: Path

    def objects(self, folder: str) -> list[Object]:
        """Every object of every file in the folder, in the order of the file names."""
        files = sorted(path for path in (self.root / folder).rglob("*") if path.suffix in (".yaml", ".yml"))
        return [document for file in files for document in documents(file)]


def find_manifests(places: Iterable[Path] = (PACKAGE / "manifests", CHECKOUT)) -> Manifests:
    """Inside the installed package, else in the checkout above it."""
    for place in places:
        if (place / "crds").is_dir() and (place / "deploy").is_dir():
            return Manifests(place)
    raise LocalError("The folders crds/ and deploy/ belong to this installation and are missing: install prepaid again.")


def documents(file: Path) -> list[Object]:
    """The objects of one file. LocalError names a file that is no YAML."""
    try:
        found = list(yaml.safe_load_all(file.read_text()))
    except yaml.YAMLError as error:
        raise LocalError(f"{file} cannot be read as YAML: {str(error).splitlines()[0]}.") from None
    return [document for document in found if isinstance(document, dict)]


def workload_type(instance_class: Object) -> tuple[str, str] | None:
    """apiVersion and kind of what backs an instance of this class; None when there is no workload."""
    template = ((instance_class.get("spec") or {}).get("workload") or {}).get("template") or {}
    if not template.get("apiVersion") or not template.get("kind"):
        return None
    return str(template["apiVersion"]), str(template["kind"])


def discovery_path(api_version: str) -> str:
    """Where the API server tells which kinds an API version has."""
    return "/api/v1" if api_version == CORE else f"/apis/{api_version}"
