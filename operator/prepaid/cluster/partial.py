"""Answers of which not everything becomes Python objects, which are four times as large and most of them not needed."""

from typing import Any, NotRequired, TypedDict

import msgspec


class Metadata(TypedDict):
    """What tells an object, its version, and whose it is. Without managedFields, which nobody can ask to leave out."""

    name: str
    namespace: NotRequired[str]
    uid: str
    resourceVersion: str
    labels: NotRequired[dict[str, str]]


class Partial(TypedDict):
    """A PartialObjectMetadata."""

    metadata: Metadata


class PartialList(TypedDict):
    """A PartialObjectMetadataList; an empty one may have null for its items."""

    metadata: dict[str, Any]
    items: list[Partial] | None


class UnreadList(TypedDict):
    """A list with its items as they came."""

    metadata: dict[str, Any]
    items: list[msgspec.Raw] | None


class Name(msgspec.Struct):
    """Of an object that is not read yet."""

    name: str


class Named(msgspec.Struct):
    """An object that is not read yet."""

    metadata: Name


PARTIAL_LIST = msgspec.json.Decoder(PartialList)
UNREAD_LIST = msgspec.json.Decoder(UnreadList)
NAMED = msgspec.json.Decoder(Named)


def partial_list(body: bytes) -> dict[str, Any]:
    """The metadata that we need. Raises msgspec.DecodeError."""
    return dict(PARTIAL_LIST.decode(body))


def unread_list(body: bytes) -> dict[str, Any]:
    """Each item as bytes. Raises msgspec.DecodeError."""
    found = UNREAD_LIST.decode(body)
    return {**found, "items": [bytes(item) for item in found["items"] or ()]}


def name_of(body: bytes) -> str:
    """Of an object as it came. Raises msgspec.DecodeError."""
    return NAMED.decode(body).metadata.name
