"""From pydantic's JSON schema to the structural schema of a CRD: references inlined, null and titles gone, defaults below spec only.

Refuses to know our kinds: it sees schemas, never models.
"""

from collections.abc import Mapping
from typing import Any

from prepaid.api.schema import RULES, SERVER_DEFAULT

Schema = Mapping[str, Any]

KEPT = (
    "description",
    "type",
    "format",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    RULES,
)
EMPTY: tuple[object, ...] = (None, "", [], {})


def structural(node: Schema, definitions: Schema, fills: bool) -> dict[str, Any]:
    """The schema of one field and all below it; `fills` says whether the API server fills in defaults there."""
    whole = inlined(node, definitions)
    schema = {key: whole[key] for key in KEPT if key in whole}
    if schema.get("type") == "integer":
        schema["format"] = "int64"
    if fills:
        schema |= default_of(whole)
    return schema | children(whole, definitions, fills)


def inlined(node: Schema, definitions: Schema) -> Schema:
    """The node with what it refers to merged in; its own words win, and the rules of both hold."""
    if "anyOf" in node:
        (choice,) = (choice for choice in node["anyOf"] if choice != {"type": "null"})
        return inlined({**choice, **without(node, "anyOf")}, definitions)
    if "$ref" not in node:
        return node
    target = inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    own = without(node, "$ref")
    rules = [*target.get(RULES, []), *own.get(RULES, [])]
    return {**target, **own, **({RULES: rules} if rules else {})}


def without(node: Schema, key: str) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name != key}


def default_of(node: Schema) -> dict[str, Any]:
    if SERVER_DEFAULT in node:
        return {"default": node[SERVER_DEFAULT]}
    default = node.get("default")
    return {} if default in EMPTY else {"default": default}


def children(node: Schema, definitions: Schema, fills: bool) -> dict[str, Any]:
    """What lies below: the fields of an object, the entries of a list or a map."""
    below: dict[str, Any] = {}
    if "properties" in node:
        below["properties"] = {name: structural(field, definitions, fills) for name, field in node["properties"].items()}
        below |= required(node, below["properties"])
    if "items" in node:
        below["items"] = structural(node["items"], definitions, fills)
    if isinstance(node.get("additionalProperties"), Mapping):
        below["additionalProperties"] = structural(node["additionalProperties"], definitions, fills)
    return below


def required(node: Schema, properties: Schema) -> dict[str, Any]:
    """What a user must write: all that is demanded and not filled in."""
    names = [name for name in node.get("required", []) if "default" not in properties[name]]
    return {"required": names} if names else {}
