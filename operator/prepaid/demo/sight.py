"""What kubectl shows of the demo's instances at one moment. Reads only."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson
from whenever import Instant

from prepaid.api.account import PrepaidAccount
from prepaid.api.instance import PrepaidInstance
from prepaid.api.marks import INSTANCE
from prepaid.api.order import RenewalOrder
from prepaid.cluster.clock import wall
from prepaid.local.kubectl import Kubectl

NAMESPACE: Final = "team-a"
KINDS: Final = "prepaidinstances,recyclebinitems,pods,persistentvolumeclaims,persistentvolumes"


@dataclass(frozen=True)
class Sight:
    """One instance and what belongs to it: pods by phase, the claim's phase, the volume's directory."""

    instance: PrepaidInstance
    has_item: bool
    pods: tuple[str, ...]
    claim: str
    directory: Path | None

    @property
    def seconds_left(self) -> float | None:
        """Until the next action."""
        action = self.instance.status.next_action
        moment: Instant | None = action.time if action else None
        return None if moment is None else (moment - wall()).total("seconds")


def look(kubectl: Kubectl) -> dict[str, Sight]:
    """Every instance of the demo, by name; one call of kubectl."""
    items = orjson.loads(kubectl.ask("get", KINDS, "--namespace", NAMESPACE, "--output", "json"))["items"]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        by_kind.setdefault(item["kind"], []).append(item)
    return {body["metadata"]["name"]: sight(body, by_kind) for body in by_kind.get("PrepaidInstance", [])}


def money_of(kubectl: Kubectl) -> tuple[Decimal, Decimal]:
    """What the account says it was charged, and the sum of its settled orders."""
    items = orjson.loads(kubectl.ask("get", "renewalorders,prepaidaccounts", "--namespace", NAMESPACE, "--output", "json"))["items"]
    orders = [RenewalOrder.parse(item) for item in items if item["kind"] == "RenewalOrder"]
    charged = [PrepaidAccount.parse(item).status.charged for item in items if item["kind"] == "PrepaidAccount"]
    return sum((one for one in charged if one), Decimal(0)), sum((one.status.amount for one in orders if one.status.amount), Decimal(0))


def sight(body: dict[str, Any], by_kind: dict[str, list[dict[str, Any]]]) -> Sight:
    name = body["metadata"]["name"]
    claims = made_for(name, by_kind.get("PersistentVolumeClaim", []))
    volumes = {volume["metadata"]["name"]: volume for volume in by_kind.get("PersistentVolume", [])}
    volume = volumes.get(claims[0]["spec"].get("volumeName", "")) if claims else None
    return Sight(
        instance=PrepaidInstance.parse(body),
        has_item=any(item["metadata"]["name"] == name for item in by_kind.get("RecycleBinItem", [])),
        pods=tuple(pod["status"].get("phase", "?") for pod in made_for(name, by_kind.get("Pod", []))),
        claim=claims[0]["status"].get("phase", "?") if claims else "",
        directory=Path(volume["spec"]["hostPath"]["path"]) if volume else None,
    )


def made_for(name: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [body for body in bodies if body["metadata"].get("labels", {}).get(INSTANCE) == name]
