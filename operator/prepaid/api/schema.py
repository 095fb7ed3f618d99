"""What a field says to the API server beyond its type: CEL rules, list and map kinds, defaults that only the server fills in.

Each function gives a piece for pydantic's `json_schema_extra`; pieces are joined with `|`. Refuses to know any field.
"""

from typing import Final, cast

from pydantic.config import JsonDict
from pydantic.types import JsonValue

RULES: Final = "x-kubernetes-validations"
SERVER_DEFAULT: Final = "server-default"
OPEN: Final[JsonDict] = {"x-kubernetes-preserve-unknown-fields": True}
ATOMIC_MAP: Final[JsonDict] = {"x-kubernetes-map-type": "atomic"}
UNIQUE: Final[JsonDict] = {"x-kubernetes-list-type": "set"}


def checked(rule: str, message: str) -> JsonDict:
    """A CEL rule, and one sentence that tells a user what to do when it refuses."""
    return {RULES: [{"rule": rule, "message": message}]}


def together(*pieces: JsonDict) -> JsonDict:
    """All the rules of these pieces."""
    return {RULES: [rule for piece in pieces for rule in cast(list[JsonValue], piece[RULES])]}


def immutable(path: str) -> JsonDict:
    """The field keeps the value that it was made with."""
    return checked("self == oldSelf", f"{path} cannot be changed; make a new object instead.")


def server_default(value: JsonValue) -> JsonDict:
    """The API server fills this in below spec, and only there; an empty default is written nowhere but by this."""
    return {SERVER_DEFAULT: value}


def keyed_by(field: str) -> JsonDict:
    """A list in which this field names each entry, once."""
    return {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [field]}
