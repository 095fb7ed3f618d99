"""The writing verbs of the API server on a store: what a POST, PUT, PATCH or DELETE makes of the object that is there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from whenever import Instant

from prepaid.lifecycle.template import merge_patch
from simulation import refusals
from simulation.applying import Claims, applied, leaves
from simulation.filling import copied, filled
from simulation.newborn import defaulted, first_finalizers, first_status
from simulation.served import Body
from simulation.store import Address, Store


@dataclass
class Verbs:
    """`read_time` is the server's clock."""

    store: Store
    read_time: Callable[[], Instant]
    made: int = 0
    claims: dict[Address, Claims] = field(default_factory=dict)

    def create(self, address: Address, body: Body) -> Body:
        """POST. Raises Conflict when something of that name exists."""
        if self.store.get(address):
            refusals.exists(address)
        given = copied(body)
        new = {**given, "apiVersion": address.served.api_version, "kind": address.served.kind, "metadata": self._birth(address, given)}
        new = self._shaped(address, {**without_status(new), **first_status(address.served)})
        refusals.check_rules(address, new)
        return self.store.put(address, new)

    def replace(self, address: Address, body: Body) -> Body:
        """PUT of the whole object."""
        old = self._present(address)
        self._check_identity(address, old, body)
        given = copied(body)
        head = {"apiVersion": old["apiVersion"], "kind": old["kind"], "metadata": {"uid": old["metadata"]["uid"], **given["metadata"]}}
        return self._update(address, old, {**without_status(given), **head, **status_of(old)})

    def replace_status(self, address: Address, body: Body) -> Body:
        """PUT on /status: nothing but the status changes, and spec may be left out."""
        old = self._present(address)
        self._check_identity(address, old, body)
        return self._update(address, old, {**without_status(old), **status_of(copied(body))})

    def patch(self, address: Address, changes: Body) -> Body:
        """A merge patch; uid and resourceVersion in it are conditions."""
        old = self._present(address)
        refusals.check_version(address, old, changes.get("metadata", {}))
        new = self._update(address, old, {**without_status(merge_patch(old, copied(changes))), **status_of(old)})
        if address in self.claims:
            self.claims[address].take_changed(old, new)
        return new

    def patch_status(self, address: Address, changes: Body) -> Body:
        old = self._present(address)
        refusals.check_version(address, old, changes.get("metadata", {}))
        return self._update(address, old, {**old, **status_of(merge_patch(old, copied(changes)))})

    def apply(self, address: Address, given: Body, manager: str, force: bool) -> tuple[Body, bool]:
        """A server-side apply; whether it made the object. Raises Conflict where another manager has its own idea of a field."""
        old = self.store.get(address)
        claims = self.claims.setdefault(address, Claims())
        if old is None:
            if given["metadata"].get("uid"):
                refusals.conflict(address, "uid mismatch: the provided object specified uid, and no existing object was found")
            self.claims[address] = Claims({manager: leaves(given)})
            return self.create(address, given), True
        refusals.check_version(address, old, given["metadata"])
        disputed = claims.disputed(manager, old, given)
        if disputed and not force:
            refusals.conflict(address, f"Apply failed with {len(disputed)} conflicts: {disputed}")
        new = self._update(address, old, applied(old, copied(given), claims.given_up(manager, given)))
        claims.take(manager, given)
        return new, False

    def update(self, address: Address, old: Body, new: Body) -> Body:
        """What one of Kubernetes' own controllers made of what it has just read."""
        return self._update(address, old, new)

    def delete(self, address: Address, preconditions: Body) -> Body:
        """DELETE: gone at once, or marked until its last finalizer comes off."""
        old = self._present(address)
        refusals.check_preconditions(address, old, preconditions)
        metadata = old["metadata"]
        if not metadata.get("finalizers"):
            self.store.drop(address, old)
            return success(address, old)
        if metadata.get("deletionTimestamp"):
            return old
        marked = {**metadata, "deletionTimestamp": self._stamp(), "deletionGracePeriodSeconds": 0}
        if "generation" in metadata:
            marked["generation"] = metadata["generation"] + 1
        return self.store.put(address, {**old, "metadata": marked})

    def _update(self, address: Address, old: Body, new: Body) -> Body:
        new = self._shaped(address, new)
        refusals.check_change(address, old, new)
        metadata = kept_metadata(old["metadata"], new["metadata"])
        new = {**new, "metadata": metadata}
        if new == old:
            return old
        if address.served.counts_generations and content(new) != content(old):
            metadata["generation"] += 1
        if metadata.get("deletionTimestamp") and not metadata.get("finalizers"):
            self.store.drop(address, new)
            return new
        return self.store.put(address, new)

    def _shaped(self, address: Address, body: Body) -> Body:
        """Pruned and defaulted."""
        if address.served.schema is None:
            return defaulted(address.served, body)
        head = {name: body[name] for name in ("apiVersion", "kind", "metadata")}
        return {**filled({name: value for name, value in body.items() if name not in head}, address.served.schema), **head}

    def _present(self, address: Address) -> Body:
        return self.store.get(address) or refusals.not_found(address)

    def _check_identity(self, address: Address, old: Body, body: Body) -> None:
        given = body.get("metadata", {})
        if given.get("uid", old["metadata"]["uid"]) != old["metadata"]["uid"]:
            refusals.conflict(address, "Precondition failed: UID in precondition")
        if not given.get("resourceVersion"):
            refusals.invalid(address, "metadata.resourceVersion: must be specified for an update")
        refusals.check_version(address, old, given)

    def _birth(self, address: Address, body: Body) -> Body:
        given = {name: value for name, value in body["metadata"].items() if name not in ("resourceVersion", "uid", "generation") and value}
        self.made += 1
        place = {"namespace": address.namespace} if address.namespace else {}
        finalizers = [*given.get("finalizers", []), *first_finalizers(address.served)]
        return {
            **given,
            **place,
            "name": address.name,
            "uid": f"{self.made:08x}-0000-4000-8000-{self.made:012x}",
            "creationTimestamp": self._stamp(),
            **({"generation": 1} if address.served.counts_generations else {}),
            **({"finalizers": finalizers} if finalizers else {}),
        }

    def _stamp(self) -> str:
        return self.read_time().round("second", mode="floor").format_iso()


def content(body: Body) -> Body:
    """What a generation counts the changes of."""
    return {name: value for name, value in body.items() if name not in ("metadata", "status")}


def without_status(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "status"}


def status_of(body: Body) -> Body:
    return {"status": body["status"]} if "status" in body else {}


def kept_metadata(old: Body, new: Body) -> Body:
    """What the server alone writes stays; what is empty is left out."""
    fixed = {name: old[name] for name in SERVERS_OWN if name in old}
    return {**{name: value for name, value in new.items() if value not in ({}, [], None) and name not in SERVERS_OWN}, **fixed}


SERVERS_OWN = ("resourceVersion", "uid", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")


def success(address: Address, old: Body) -> Body:
    details = {"name": address.name, "kind": address.served.plural, "uid": old["metadata"]["uid"]}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
