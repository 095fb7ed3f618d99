"""Every bound of every schema as a pair: a value at the bound, which is accepted, and one past it, which is refused.

The cases are found by walking a CRD's schema beside its specimen, so that a new bound is tested without a new line here.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.crd import root_schema
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.money import AMOUNT_PATTERN, BALANCE_PATTERN, CURRENCY_PATTERN, LIMIT_PATTERN, PRICE_PATTERN
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import MOMENT_PATTERN, Resource
from specimens import Manifest, specimen

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]

WHOLE, FRACTION = "9" * 15, "." + "9" * 6
LONGEST = {
    AMOUNT_PATTERN: WHOLE + FRACTION,
    LIMIT_PATTERN: WHOLE + FRACTION,
    BALANCE_PATTERN: "-" + WHOLE + FRACTION,
    PRICE_PATTERN: "9" * 9 + FRACTION,
    CURRENCY_PATTERN: "CNY",
    "^([A-Z]{2})?$": "CN",
}
NO_AMOUNTS = ("1e3", "NaN", "01", "1.", ".5", "0.0000001", " 1", "+1")
UNFIT = {
    AMOUNT_PATTERN: ("-1", *NO_AMOUNTS),
    LIMIT_PATTERN: ("-1", *NO_AMOUNTS),
    PRICE_PATTERN: ("-1", "1234567890", *NO_AMOUNTS),
    BALANCE_PATTERN: ("--1", *NO_AMOUNTS),
    CURRENCY_PATTERN: ("cny",),
    MOMENT_PATTERN: ("2026-11-24T03:00:00.5Z", "2026-11-24T03:00:00+08:00", "2026-11-24", "0999-11-24T03:00:00Z"),
}
DECIDED_BY_A_RULE = {
    (ElasticResource, "spec.type"),
    (ElasticResource, "spec.targetRef.apiVersion"),
    (ElasticResource, "spec.targetRef.kind"),
    (RenewalOrder, "spec.source"),
}
"""Fields whose good values hang on another field: schema_rules.py has those."""


@dataclass(frozen=True)
class Edge:
    """A value for one field; `refusal` is a piece of the server's message, empty where the value is accepted."""

    what: str
    value: Any
    refusal: str = ""


@dataclass(frozen=True)
class Case:
    """A whole object with one field at an edge. `part` is spec or status, `field` the edge's path as the server writes it."""

    kind: type[Resource]
    part: str
    field: str
    edge: Edge
    body: Manifest

    def __str__(self) -> str:
        return f"{self.kind.kind} {self.field}: {self.edge.what} is {'refused' if self.edge.refusal else 'accepted'}"


def cases(kind: type[Resource]) -> Iterator[Case]:
    """All edges of a kind."""
    schemas, whole = root_schema(kind)["properties"], specimen(kind)
    for part in ("spec", "status"):
        for path, schema, value in fields(schemas[part], whole[part], (part,)):
            for edge in edges(schema, value):
                if edge.refusal or (kind, dotted(path)) not in DECIDED_BY_A_RULE:
                    yield Case(kind, part, dotted(path), edge, with_edge(kind, path, edge))


def fields(schema: Schema, value: Any, path: Path) -> Iterator[tuple[Path, Schema, Any]]:  # noqa: ANN401 - JSON
    """The field itself, then all below it, each with its value in the specimen. Raises KeyError where the specimen lacks one."""
    yield path, schema, value
    for name, below in schema.get("properties", {}).items():
        yield from fields(below, value[name], (*path, name))
    if "items" in schema:
        yield from fields(schema["items"], value[0], (*path, 0))
    if "additionalProperties" in schema:
        key = next(iter(value))
        yield from fields(schema["additionalProperties"], value[key], (*path, key))


def dotted(path: Path) -> str:
    """`spec.parameters[0].name`, as the API server writes it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def with_edge(kind: type[Resource], path: Path, edge: Edge) -> Manifest:
    body = specimen(kind)
    holder: Any = body
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = edge.value
    if kind is RecycleBinItem and not edge.refusal:
        body["metadata"]["name"] = body["spec"]["instanceRef"]["name"]
    return body


def edges(schema: Schema, value: Any) -> Iterator[Edge]:  # noqa: ANN401 - JSON
    """The edges of one field."""
    for word, edges_of in EDGES.items():
        if word in schema:
            yield from edges_of(schema, value)


def shortest(schema: Schema, _: object) -> Iterator[Edge]:
    yield Edge("an empty text", "", "should be at least")
    if "enum" not in schema and schema["minLength"] == 1:
        yield Edge("one character", "a")


def longest(schema: Schema, _: object) -> Iterator[Edge]:
    text = LONGEST.get(schema.get("pattern", ""), "a" * schema["maxLength"])
    yield Edge(f"a text of {len(text)} characters", text)
    yield Edge(f"a text of {len(text) + 1} characters", text + text[-1], "Too long")


def unfit(schema: Schema, _: object) -> Iterator[Edge]:
    for text in ("!" * schema.get("minLength", 1), *UNFIT.get(schema["pattern"], ())):
        yield Edge(f"{text!r}", text, "should match")


def dates(_: Schema, value: object) -> Iterator[Edge]:
    if isinstance(value, str):
        yield Edge("the 30th of February", "2026-02-30T03:00:00Z", "date-time")
        yield Edge("the 24th hour", "2026-11-24T24:00:00Z", "date-time")
        yield Edge("the last second of all", "9999-12-31T23:59:59Z")


def choices(schema: Schema, _: object) -> Iterator[Edge]:
    yield Edge("another word", "Other", "Unsupported value")
    yield from (Edge(choice, choice) for choice in schema["enum"])


def least(schema: Schema, _: object) -> Iterator[Edge]:
    yield Edge(f"{schema['minimum']}", schema["minimum"])
    yield Edge(f"{schema['minimum'] - 1}", schema["minimum"] - 1, "should be greater than or equal to")


def most(schema: Schema, _: object) -> Iterator[Edge]:
    yield Edge(f"{schema['maximum']}", schema["maximum"])
    yield Edge(f"{schema['maximum'] + 1}", schema["maximum"] + 1, "should be less than or equal to")


def longest_list(schema: Schema, value: list[Any]) -> Iterator[Edge]:
    many = [another(schema, value[0], number) for number in range(schema["maxItems"])]
    yield Edge(f"a list of {len(many)}", many)
    yield Edge(f"a list of {len(many) + 1}", [*many, many[0]], "must have at most")


def another(schema: Schema, entry: Any, number: int) -> Any:  # noqa: ANN401 - JSON
    """An entry like this one, with a key of its own where entries are told apart."""
    if "x-kubernetes-list-map-keys" in schema:
        (key,) = schema["x-kubernetes-list-map-keys"]
        return {**entry, key: distinct(schema["items"]["properties"][key], number)}
    return distinct(schema["items"], number) if schema.get("x-kubernetes-list-type") == "set" else entry


def distinct(schema: Schema, number: int) -> str:
    return str(schema["enum"][number]) if "enum" in schema else "a" * (number + 1)


def twins(_: Schema, value: list[Any]) -> Iterator[Edge]:
    yield Edge("the same entry twice", [value[0], value[0]], "Duplicate value")


def largest_map(schema: Schema, value: dict[str, Any]) -> Iterator[Edge]:
    extra = [f"key-{number}" for number in range(schema["maxProperties"] + 1 - len(value))]
    entry = next(iter(value.values()))
    yield Edge(f"{schema['maxProperties']} entries", value | dict.fromkeys(extra[:-1], entry))
    yield Edge(f"{schema['maxProperties'] + 1} entries", value | dict.fromkeys(extra, entry), "must have at most")


def empty_map(_: Schema, value: dict[str, Any]) -> Iterator[Edge]:
    yield Edge("one entry", dict([next(iter(value.items()))]))
    yield Edge("no entry", {}, "should have at least")


def gaps(schema: Schema, value: dict[str, Any]) -> Iterator[Edge]:
    yield Edge("all that is required", {name: deepcopy(field) for name, field in value.items() if name in schema["required"]})
    for name in schema["required"]:
        yield Edge(f"no {name}", {key: field for key, field in value.items() if key != name}, "Required value")


EDGES: Mapping[str, Callable[[Schema, Any], Iterator[Edge]]] = {
    "minLength": shortest,
    "maxLength": longest,
    "pattern": unfit,
    "format": dates,
    "enum": choices,
    "minimum": least,
    "maximum": most,
    "maxItems": longest_list,
    "x-kubernetes-list-type": twins,
    "maxProperties": largest_map,
    "minProperties": empty_map,
    "required": gaps,
}
