"""Label and field selectors, as the server reads them: comma-separated requirements, all of which must hold."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from prepaid.cluster.errors import error_for
from simulation.filling import at
from simulation.served import Body, Served

Matches = Callable[[Body], bool]
METADATA_FIELDS = ("metadata.name", "metadata.namespace")


def selection(served: Served, query: Mapping[str, str]) -> Matches:
    """Whether an object is asked for. Raises Refused for a selector that the server would not take."""
    tests = [label_test(word) for word in words(query.get("labelSelector", ""))]
    tests += [field_test(served, word) for word in words(query.get("fieldSelector", ""))]
    return lambda body: all(test(body) for test in tests)


def words(text: str) -> list[str]:
    """Commas between parentheses part values."""
    return [word.strip() for word in re.split(r",(?![^(]*\))", text) if word.strip()]


def split(word: str) -> tuple[str, str, str]:
    """Key, "=", "!=" or "" (exists), value."""
    for sign in ("!=", "==", "="):
        if sign in word:
            key, _, value = word.partition(sign)
            return key.strip(), "!=" if sign == "!=" else "=", value.strip()
    return word, "", ""


def label_test(word: str) -> Matches:
    if chosen := re.fullmatch(r"(\S+) in \((.*)\)", word):
        values = {value.strip() for value in chosen[2].split(",")}
        return lambda body: labels_of(body).get(chosen[1]) in values
    key, sign, value = split(word)
    if key[:1] == "!" != key[1:2] and key[1:] and not sign:
        return lambda body: key[1:] not in labels_of(body)
    if key.startswith("!") or not key:
        raise error_for(400, "BadRequest", f"unable to parse requirement: {word}")
    if sign == "!=":
        return lambda body: labels_of(body).get(key) != value
    return lambda body: key in labels_of(body) and sign in ("", "=") and (not sign or labels_of(body)[key] == value)


def labels_of(body: Body) -> Mapping[str, Any]:
    labels: Mapping[str, Any] = body["metadata"].get("labels") or {}
    return labels


def field_test(served: Served, word: str) -> Matches:
    key, sign, value = split(word)
    if not sign or key not in (*METADATA_FIELDS, *served.selectable):
        raise error_for(400, "BadRequest", f"field label not supported: {key}")
    path = tuple(key.split("."))
    return lambda body: (text_of(at(body, path)) == value) == (sign == "=")


def text_of(value: object) -> str:
    """A field that is missing selects as an empty text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
