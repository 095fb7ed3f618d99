"""What an API server does to a custom resource by its schema: unknown fields go, defaults come in, fixed fields stay as they are."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from prepaid.api.schema import RULES

Schema = Mapping[str, Any]
FIXED = "self == oldSelf"
Json = Any


def copied(body: Json) -> Json:
    """A deep copy of a JSON value."""
    return orjson.loads(orjson.dumps(body))


def filled(value: Json, schema: Schema) -> Json:
    """The value pruned to its schema, with defaults where nothing was said."""
    if isinstance(value, dict):
        return filled_object(value, schema)
    if isinstance(value, list) and "items" in schema:
        return [filled(item, schema["items"]) for item in value]
    return value


def filled_object(value: Mapping[str, Json], schema: Schema) -> Json:
    fields, others = schema.get("properties", {}), schema.get("additionalProperties")
    keeps_unknown = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
    known = {name: filled(given, fields.get(name) or others or {}) for name, given in value.items() if name in fields or others}
    result = {**value, **known} if keeps_unknown else known
    for name, field in fields.items():
        if "default" in field and result.get(name) is None:
            result[name] = filled(copied(field["default"]), field)
    return result


def fixed_fields(schema: Schema, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths of all fields that keep the value they were made with, and what is said to who changes one."""
    for rule in schema.get(RULES, []):
        if rule["rule"] == FIXED:
            yield path, rule["message"]
    for name, field in schema.get("properties", {}).items():
        yield from fixed_fields(field, (*path, name))


def at(body: Json, path: tuple[str, ...]) -> Json:
    """What stands at a path, or None."""
    for step in path:
        body = body.get(step) if isinstance(body, dict) else None
    return body
