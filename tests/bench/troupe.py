"""A few instances of a class of their own, each with an account of its own, that live through a life transition by transition.

Every act answers the writes that it took itself, named as the API server counts them.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from whenever import Instant

from bench.observing import condition, is_recycled, is_running
from bench.populate import expiring_at, status_write
from bench.sale import on_sale
from bench.stage import Stage
from cluster.apiserver import INSTANCES, ITEMS, Body
from cluster.wares import a_resource, a_service, an_account, an_instance, stateful_workload

WARM: Final = "warm"
PRICE: Final = {"amount": "1.50", "currency": "CNY"}
ATTACHMENTS: Final = 3
Own = Counter[str]


@dataclass(frozen=True)
class Troupe:
    """`name` is the class's and the first word of each instance's; one more of the class is warm: it has marked all that is marked once."""

    stage: Stage
    name: str
    n: int
    attachments: int = 0

    @property
    def names(self) -> list[str]:
        return [f"{self.name}-{number}" for number in range(self.n)]

    def prepare(self) -> None:
        """Accounts, and what is to be attached: each held by one instance."""
        for name in (f"{self.name}-{WARM}", *self.names):
            self.stage.admin.create(an_account(self.stage.namespace, name, "10000.00"))
        for name in [one for of in self.names for one in self.resources(of)]:
            self.stage.admin.create(a_service(self.stage.namespace, name))
            self.stage.admin.create(a_resource(self.stage.namespace, name, "ElasticIP", account=f"{self.name}-{WARM}"))

    def resources(self, name: str) -> list[str]:
        return [f"{name}-ip-{number}" for number in range(self.attachments)]

    def manifest(self, name: str) -> Body:
        wanted = [{"name": resource} for resource in self.resources(name)]
        return an_instance(self.stage.namespace, name, self.class_name, account=name, attachments=wanted)

    @property
    def class_name(self) -> str:
        return f"{self.stage.namespace}-{self.name}"

    def warm_up(self) -> None:
        name = f"{self.name}-{WARM}"
        self.stage.admin.create(an_instance(self.stage.namespace, name, self.class_name, account=name))

    def is_warm(self) -> bool:
        body = self.stage.admin.get(INSTANCES, self.stage.namespace, f"{self.name}-{WARM}")
        return body is not None and is_running(body)

    def members(self) -> list[Body]:
        return [body for body in self.stage.all(INSTANCES) if body["metadata"]["name"] in self.names]

    def are_all(self, is_so: Callable[[Body], bool]) -> bool:
        return all(map(is_so, self.members()))

    def are_running(self) -> bool:
        return self.are_all(is_running)

    def are_attached(self) -> bool:
        return self.are_all(lambda body: is_running(body) and len(attached(body)) == self.attachments)

    def have_renewed(self) -> bool:
        return self.are_all(lambda body: is_running(body) and body["status"]["periods"] == 2)

    def are_recycled(self) -> bool:
        return self.are_all(is_recycled)

    def are_terminated(self) -> bool:
        return self.are_all(lambda body: condition(body.get("status", {}), "DataErased") == "True")


def attached(body: Body) -> list[Body]:
    return [one for one in body["status"].get("attachments", []) if one["state"] == "Attached"]


def troupes(stage: Stage, n: int) -> Mapping[str, Troupe]:
    """One without a workload, one with, one with attachments as well; all is on sale, nothing is bought."""
    found = (Troupe(stage, "bare", n), Troupe(stage, "stateful", n), Troupe(stage, "attached", n, ATTACHMENTS))
    stage.prepare(*(sold(troupe) for troupe in found))
    for troupe in found:
        troupe.prepare()
    return {troupe.name: troupe for troupe in found}


def sold(troupe: Troupe) -> Body:
    workload = None if troupe.name == "bare" else stateful_workload()
    return on_sale(troupe.class_name, workload=workload, price=PRICE)


def buy_all(troupe: Troupe) -> Own:
    for name in troupe.names:
        troupe.stage.admin.create(troupe.manifest(name))
    return Counter()


def renew_all(troupe: Troupe) -> Own:
    for name in troupe.names:
        troupe.stage.admin.merge(INSTANCES, troupe.stage.namespace, name, {"spec": {"purchasedPeriods": 2}})
    return Counter({f"PATCH {INSTANCES.plural}": troupe.n})


def expire_all(troupe: Troupe) -> Own:
    """Their term is moved: it ends in a moment."""
    moment = Instant.now().round("second", mode="ceil").add(seconds=1)
    for body in troupe.members():
        path, manifest = status_write(body, expiring_at(body["status"], moment))
        troupe.stage.meddler.call("PUT", path, manifest)
    return Counter({f"PUT {INSTANCES.plural}/status": troupe.n})


def recover_all(troupe: Troupe) -> Own:
    return say_to_all(troupe, lambda _: {"disposition": "Recover", "periods": 3})


def condemn_all(troupe: Troupe) -> Own:
    return say_to_all(troupe, lambda name: {"disposition": "Terminate", "confirm": name})


def say_to_all(troupe: Troupe, words: Callable[[str], Body]) -> Own:
    for name in troupe.names:
        troupe.stage.admin.merge(ITEMS, troupe.stage.namespace, name, {"spec": words(name)})
    return Counter({f"PATCH {ITEMS.plural}": troupe.n})
