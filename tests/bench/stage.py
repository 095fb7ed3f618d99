"""Where a case plays: a namespace that is the case's own, and who acts there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from bench.bare import Bare, Work, seconds_of
from cluster.apiserver import ACCOUNTS, AS_THE_OPERATOR, Api, Body, Kind
from cluster.operators import Operator, operator_of
from cluster.waiting import wait_for
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

USUAL_WIDTH: Final = 12
MORE: Final = 3.0
SWEEP_SECONDS: Final = 30.0
"""As it is shipped."""


@dataclass(frozen=True)
class Stage:
    """One namespace of a control plane. The meddler acts in the operator's name.

    An operator has `patience` times as long as usual before something is due: machines differ.
    """

    plane: ControlPlane
    namespace: str
    patience: float = 1

    @property
    def kubeconfig(self) -> Path:
        return self.plane.kubeconfig(ADMIN)

    @cached_property
    def admin(self) -> Api:
        return Api(self.kubeconfig)

    @cached_property
    def meddler(self) -> Api:
        return Api(self.kubeconfig, AS_THE_OPERATOR)

    def operator(self) -> Operator:
        """Not started yet, with the settings that are shipped."""
        return operator_of(self.plane, self.namespace, SWEEP_SECONDS)

    def ground(self, number: int) -> "Stage":
        """Another namespace of the same plane, which is nobody's yet."""
        return replace(self, namespace=f"{self.namespace}-{number}")

    def with_more_time(self) -> "Stage":
        """Another ground, for what could not be measured on this one."""
        return replace(self.ground(0), patience=MORE * self.patience)

    def prepare(self, *bodies: Body) -> None:
        """The namespace, so that pods can be made in it, and what it takes to sell."""
        self.admin.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}})
        wait_for("pods may be made", lambda: self.admin.get(ACCOUNTS, self.namespace, "default"))
        for body in bodies:
            self.admin.create(body)

    def all(self, kind: Kind) -> list[Body]:
        items: list[Body] = self.admin.list(kind, self.namespace)["items"]
        return [{"apiVersion": kind.api, "kind": kind.kind, **item} for item in items]

    def do(self, works: Iterable[Work], width: int = USUAL_WIDTH) -> float:
        """In the operator's name, so many at a time; how long that took."""
        return seconds_of(works, self.kubeconfig, width)

    def drop(self, kind: Kind) -> None:
        """Deletes all of a kind: one by one, because thousands in one request take longer than a request may."""
        self.do([deleting(kind, body) for body in self.all(kind)])


def deleting(kind: Kind, body: Body) -> Work:
    async def delete(bare: Bare) -> None:
        await bare.call("DELETE", kind.path(body["metadata"]["namespace"], body["metadata"]["name"]))

    return delete
