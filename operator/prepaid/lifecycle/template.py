"""Filling a template, patching it (RFC 7396), and telling whether what lives is as wanted. JSON-like data in, new data out.

Knows no kind of Kubernetes, only how its API server writes back what it was given.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from prepaid.lifecycle.quantity import KEYS as QUANTITY_KEYS
from prepaid.lifecycle.quantity import are_same_quantity

Json: TypeAlias = Any
"""A JSON value: nothing, a bool, a number, a text, a list or a mapping."""

REFERENCE: Final = re.compile(r"\$\(([^)]*)(\)?)")
DEEPEST: Final = 64

LEFT_OUT_WHEN_ZERO: Final = (
    {"annotations", "data", "labels", "limits", "matchLabels", "nodeSelector", "requests"}
    | {"hostIPC", "hostNetwork", "hostPID", "paused", "publishNotReadyAddresses", "readOnly", "stdin", "stdinOnce", "tty"}
    | {"minReadySeconds"}
)  # fmt: skip
"""Fields of Kubernetes' own kinds whose {}, false or 0 the API server does not write back."""


class BadTemplate(Exception):
    """A template that cannot be filled; its text is one sentence for the author of the class."""


def substitute(template: Json, values: Mapping[str, str]) -> Json:
    """The template with each `$(name)` in its texts (never in its keys) replaced, in one pass: what was put in is not read again.

    `values` is by name, as in {"name": "web-1", "params.image": "nginx"}. There is no escape. Raises BadTemplate for a reference
    that is unknown or has no end, and for a template that is nested too deeply to be walked.
    """
    return filled(template, values, path="", depth=0)


def filled(node: Json, values: Mapping[str, str], path: str, depth: int) -> Json:
    if depth > DEEPEST:
        raise BadTemplate(f"The template is nested deeper than {DEEPEST} levels at {path[:64]}; make it flatter.")
    match node:
        case str():
            return filled_text(node, values, path)
        case Mapping():
            return {key: filled(value, values, f"{path}.{key}" if path else str(key), depth + 1) for key, value in node.items()}
        case list() | tuple():
            return [filled(value, values, f"{path}[{index}]", depth + 1) for index, value in enumerate(node)]
        case _:
            return node


def filled_text(text: str, values: Mapping[str, str], path: str) -> str:
    where = f" at {path}" if path else ""

    def value_of(reference: re.Match[str]) -> str:
        name, end = reference.groups()
        if not end:
            raise BadTemplate(f"`{reference[0][:40]}`{where} has no closing parenthesis; write $(name).")
        if name not in values:
            known = ", ".join(f"$({known})" for known in values)
            raise BadTemplate(f"$({name[:64]}){where} stands for nothing; use {known}, or declare it as a parameter.")
        return values[name]

    return REFERENCE.sub(value_of, text)


def merge_patch(target: Json, patch: Json) -> Json:
    """The target with a JSON merge patch applied (RFC 7396): null removes, lists are replaced whole. Neither argument is changed."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def object_at(manifest: Json, path: str) -> Mapping[str, Json] | None:
    """The mapping at a dotted path, None where there is none."""
    node = manifest
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else None


def nested(path: str, value: Json) -> Json:
    """{"a": {"b": value}} for the dotted path "a.b"."""
    for step in reversed(path.split(".")):
        value = {step: value}
    return value


def covers(live: Json, wanted: Json) -> bool:
    """Whether `live` has everything of `wanted`, so that applying it would change nothing that is wanted.

    What `live` has beyond it (defaults of the API server, containers that a webhook added) is left alone. null in `wanted` means
    absent; an empty text or list may be absent. Elements that carry a `name` are found by it, other lists must be of equal length.
    """
    return is_covered(live, wanted, is_quantity=False)


def is_covered(live: Json, wanted: Json, *, is_quantity: bool) -> bool:
    match wanted:
        case Mapping():
            return isinstance(live, Mapping) and all(has_field(live, key, wanted[key], is_quantity) for key in wanted)
        case list():
            return has_elements([] if live is None else live, wanted, is_quantity)
        case "" if live is None:
            return True
        case _:
            return is_same(live, wanted) or (is_quantity and are_same_quantity(live, wanted))


def has_field(live: Mapping[str, Json], key: str, wanted: Json, is_quantity: bool) -> bool:
    if live.get(key) is None and not wanted and key in LEFT_OUT_WHEN_ZERO:
        return True
    return is_covered(live.get(key), wanted, is_quantity=is_quantity or key in QUANTITY_KEYS)


def has_elements(live: Json, wanted: list[Json], is_quantity: bool) -> bool:
    """Named elements may come in any order and among others; all else is compared one by one."""
    if not isinstance(live, list):
        return False
    if all(isinstance(element, Mapping) and "name" in element for element in [*live, *wanted]):
        return all(any(is_covered(one, element, is_quantity=is_quantity) for one in live) for element in wanted)
    return len(live) == len(wanted) and all(
        is_covered(one, element, is_quantity=is_quantity) for one, element in zip(live, wanted, strict=True)
    )


def is_same(live: Json, wanted: Json) -> bool:
    """Equal as JSON: true is not 1."""
    return isinstance(live, bool) == isinstance(wanted, bool) and bool(live == wanted)
