"""Writes crds/ from the models: `python -m prepaid.api.crd DIRECTORY` writes, `--check` only says what is out of step.

Knows what a CustomResourceDefinition says around the schema; the schema itself is structural.py's.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from prepaid.api.kinds import KINDS
from prepaid.api.resource import GROUP, VERSION, PrinterColumn, Resource
from prepaid.api.schema import RULES
from prepaid.api.structural import structural

HEADER = "# Generated from operator/prepaid/api by `make crds`; edit the models instead.\n"
AGE = PrinterColumn(name="Age", type="date", json_path=".metadata.creationTimestamp", description="How long ago it was made.")


class Dumper(yaml.SafeDumper):
    """Plain YAML: no anchors and aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name is PyYAML's
        return True


def definition(kind: type[Resource]) -> dict[str, Any]:
    """The CustomResourceDefinition of a kind."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": names(kind),
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "versions": [version(kind)],
        },
    }


def names(kind: type[Resource]) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "listKind": f"{kind.kind}List",
        "plural": kind.plural,
        "singular": kind.singular,
        "shortNames": [kind.short_name],
        "categories": ["prepaid"],
    }


def version(kind: type[Resource]) -> dict[str, Any]:
    selectable = [{"jsonPath": path} for path in kind.selectable]
    return {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": [column.to_manifest() for column in (*kind.columns, AGE)],
        **({"selectableFields": selectable} if selectable else {}),
        "schema": {"openAPIV3Schema": root_schema(kind)},
    }


def root_schema(kind: type[Resource]) -> dict[str, Any]:
    """The schema of the whole object; the API server itself knows apiVersion, kind and metadata."""
    schema = kind.model_json_schema(by_alias=True)
    definitions, fields = schema["$defs"], schema["properties"]
    rules = [{"rule": rule, "message": message} for rule, message in kind.rules]
    return {
        "type": "object",
        "description": schema["description"],
        "required": ["spec"],
        "properties": {
            "spec": structural(fields["spec"], definitions, fills=True),
            "status": with_default(structural(fields["status"], definitions, fills=False), kind.status_default),
        },
        **({RULES: rules} if rules else {}),
    }


def with_default(status: dict[str, Any], default: dict[str, str]) -> dict[str, Any]:
    """A status that the API server starts for us: a POST drops what a client sends."""
    if not default:
        return status
    properties = {
        name: {**field, **({"default": default[name]} if name in default else {})} for name, field in status["properties"].items()
    }
    return {**status, "properties": properties, "default": default}


def manifests() -> dict[str, str]:
    """Each file's name and text."""
    return {f"{kind.plural}.yaml": HEADER + yaml.dump(definition(kind), Dumper=Dumper, sort_keys=False, width=1000) for kind in KINDS}


def stale(directory: Path) -> list[str]:
    """The files that are not as the models say, missing ones and leftovers included."""
    wanted = manifests()
    found = {path.name: path.read_text() for path in directory.glob("*.yaml")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write(directory: Path) -> None:
    for path in directory.glob("*.yaml"):
        path.unlink()
    for name, text in manifests().items():
        (directory / name).write_text(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code; what is wrong goes to standard error."""
    parser = argparse.ArgumentParser(prog="prepaid.api.crd", description="Write crds/ from the models.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of step")
    options = parser.parse_args(arguments)
    if not options.check:
        options.directory.mkdir(parents=True, exist_ok=True)
        write(options.directory)
        return 0
    files = stale(options.directory)
    if files:
        sys.stderr.write(f"{', '.join(files)} in {options.directory}/ is out of step with operator/prepaid/api: run `make crds`.\n")
    return 1 if files else 0


if __name__ == "__main__":
    sys.exit(main())
