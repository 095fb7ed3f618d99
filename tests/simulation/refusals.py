"""What the server will not let happen to an object, and the words it has for it; each raises a ClusterError, as a real answer would."""

from typing import NoReturn

from prepaid.api.bin_item import FROZEN_PHASES, RecycleBinItem
from prepaid.cluster.errors import error_for
from simulation.filling import at
from simulation.served import Body, Served
from simulation.store import Address

CHANGEABLE = frozenset(
    {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "minReadySeconds"}
    | {"persistentVolumeClaimRetentionPolicy"}
)  # fmt: skip
"""What of a StatefulSet's spec may change."""


def not_found(address: Address) -> NoReturn:
    raise error_for(404, "NotFound", f'{address.served.qualified} "{address.name}" not found')


def exists(address: Address) -> NoReturn:
    raise error_for(409, "AlreadyExists", f'{address.served.qualified} "{address.name}" already exists')


def conflict(address: Address, why: str = "the object has been modified") -> NoReturn:
    raise error_for(409, "Conflict", f'Operation cannot be fulfilled on {address.served.qualified} "{address.name}": {why}')


def invalid(address: Address, why: str) -> NoReturn:
    raise error_for(422, "Invalid", f'{address.served.kind} "{address.name}" is invalid: {why}')


def check_version(address: Address, old: Body, given: Body) -> None:
    """A resourceVersion that is given must be the newest."""
    if given.get("resourceVersion", old["metadata"]["resourceVersion"]) != old["metadata"]["resourceVersion"]:
        conflict(address)


def check_preconditions(address: Address, old: Body, preconditions: Body) -> None:
    """Those of a DELETE."""
    for field in ("uid", "resourceVersion"):
        if preconditions.get(field, old["metadata"][field]) != old["metadata"][field]:
            conflict(address, f"the {field} in the precondition does not match the {field} in record")


def check_change(address: Address, old: Body, new: Body) -> None:
    """What no update may do."""
    if new["metadata"].get("uid") != old["metadata"]["uid"]:
        invalid(address, "metadata.uid: field is immutable")
    added = set(new["metadata"].get("finalizers", ())) - set(old["metadata"].get("finalizers", ()))
    if old["metadata"].get("deletionTimestamp") and added:
        invalid(address, f"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found {added}")
    for path, message in address.served.fixed:
        before, after = at(old, path), at(new, path)
        if before is not None and after is not None and before != after:
            invalid(address, f"{'.'.join(path)}: {message}")
    if address.served.kind == "StatefulSet":
        check_stateful_set(address, old, new)
    check_rules(address, new, old)


def check_stateful_set(address: Address, old: Body, new: Body) -> None:
    before, after = old["spec"], new["spec"]
    for field in (before.keys() | after.keys()) - CHANGEABLE:
        if before.get(field) != after.get(field):
            invalid(address, f"spec.{field}: field is immutable")


def check_rules(address: Address, new: Body, old: Body | None = None) -> None:
    """The CEL rules that histories depend on: the word on a bin item."""
    if address.served.kind != RecycleBinItem.kind:
        return
    spec = new["spec"]
    if spec["disposition"] == "Terminate" and spec.get("confirm") != address.name:
        invalid(address, "spec.confirm must be the instance's name to terminate it: its data will be erased for good.")
    is_closed = old is not None and f"'{at(old, ('status', 'phase'))}'" in FROZEN_PHASES
    if old and is_closed and spec["disposition"] != old["spec"]["disposition"]:
        invalid(address, "spec.disposition cannot be changed any more: the instance is being terminated.")


def check_kind(served: Served, body: Body) -> None:
    """What is sent must be of the kind that the path names."""
    if body.get("kind", served.kind) != served.kind:
        raise error_for(400, "BadRequest", f"the kind in the data ({body['kind']}) does not match the expected kind ({served.kind})")
