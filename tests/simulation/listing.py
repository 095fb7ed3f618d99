"""LIST and WATCH: pages of one consistent state, and what changed since."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import orjson

from prepaid.cluster.transport import JSON, METADATA_LIST
from simulation.selection import Matches, selection
from simulation.served import Body, Served
from simulation.store import Change, Store

META: Final = "meta.k8s.io/v1"


def listed(store: Store, served: Served, namespace: str, query: Mapping[str, str], number: int | None, accept: str = JSON) -> Body:
    """One page; the pages that follow show the state that the first one showed. Metadata alone where that is asked for."""
    at, start = token_read(query.get("continue", "")) or (store.number if number is None else number, 0)
    matches = selection(served, query)
    found = [body for body in store.all(served, namespace, at) if matches(body)]
    end = start + int(query.get("limit") or len(found) or 1)
    metadata: Body = {"resourceVersion": str(at)}
    if end < len(found):
        metadata |= {"continue": token(at, end), "remainingItemCount": len(found) - end}
    if accept == METADATA_LIST:
        return {"apiVersion": META, "kind": "PartialObjectMetadataList", "metadata": metadata, "items": partial(found[start:end])}
    items = [item(served, body) for body in found[start:end]]
    return {"apiVersion": served.api_version, "kind": f"{served.kind}List", "metadata": metadata, "items": items}


def partial(bodies: Iterable[Body]) -> list[Body] | None:
    """None for none, as the server has it."""
    return [{"apiVersion": META, "kind": "PartialObjectMetadata", "metadata": body["metadata"]} for body in bodies] or None


def item(served: Served, body: Body) -> Body:
    """In a list, only custom resources say what they are."""
    if served.schema is not None:
        return body
    return {name: value for name, value in body.items() if name not in ("apiVersion", "kind")}


def token(number: int, start: int) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([number, start])).decode()


def token_read(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    number, start = orjson.loads(base64.urlsafe_b64decode(text))
    return number, start


def watched(store: Store, served: Served, namespace: str, query: Mapping[str, str], since: int) -> Iterator[Body]:
    """The events of a watch from there to now; what no longer matches the selector is told as deleted."""
    matches = selection(served, query)
    for change in store.changes_after(since):
        if change.address.served is served and (not namespace or change.address.namespace == namespace):
            kind = event_type(change, matches)
            if kind:
                yield {"type": kind, "object": change.body}


def event_type(change: Change, matches: Matches) -> str:
    was_in = change.before is not None and matches(change.before)
    is_in = change.type != "DELETED" and matches(change.body)
    if was_in:
        return "MODIFIED" if is_in else "DELETED"
    return "ADDED" if is_in else ""
