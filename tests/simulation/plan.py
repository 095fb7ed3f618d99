"""What kind of history this is, drawn from its chance: how long, how rough, who takes part, and what is sold at which price."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from prepaid.lifecycle.template import merge_patch
from simulation.served import Body

PRESET: Final = Path(__file__).parents[2] / "deploy" / "classes" / "standard.yaml"
NAMES: Final = ("web-1", "web-2", "web-3")
ACCOUNTS: Final = ("default", "second", "third")
CLASSES: Final = ("standard", "second")
CURRENCIES: Final = (*("CNY",) * 14, "EUR")
RESOURCES: Final = {"disk-1": "CloudDisk", "disk-2": "CloudDisk", "eip-1": "ElasticIP", "lb-1": "LoadBalancer"}
PRICES: Final = ("0", "2.50", "5", "8.25")
LEISURE: Final = (0, 30, 100, 300, 600)
HASTE: Final = (0, 5, 20, 60, 150)


@dataclass(frozen=True)
class Plan:
    """`turns` are how many the operators may have between two moves: few make moves fall into the middle of looks.

    `is_open_early` says whether the accounts are there before the first purchase is asked for.
    `seconds_ahead` is by how much each operator's clock is off; without accounts everything is free.
    """

    moves: int
    turns: tuple[int, ...]
    names: tuple[str, ...]
    accounts: tuple[str, ...]
    classes: tuple[str, ...]
    loss: float
    deaths: float
    late: float
    holds: float
    gaps: float
    strangers: float
    administrators: float
    cashiers: float
    is_open_early: bool
    buyers: float
    carelessness: float
    attachers: float
    detach_policy: str
    seconds_ahead: tuple[float, float]
    price: str
    period_seconds: int
    retention: dict[str, Any]
    renewal_anchor: str
    bin_renewal: bool
    lead_seconds: int

    @classmethod
    def draw(cls, chance: Random) -> "Plan":
        is_rough, is_paid = chance.random() < 0.8, chance.random() < 0.8
        exact = {"count": chance.randint(5, 60), "unit": "Second", "rounding": "Exact"}
        days = {"count": chance.randint(1, 3), "unit": "Day", "rounding": "EndOfDay", "dayType": chance.choice(("Calendar", "Working"))}
        return cls(
            moves=chance.randint(30, 120),
            turns=chance.choice((LEISURE, LEISURE, HASTE)),
            names=NAMES[: chance.choice((1, 1, 2, 3 if is_paid else 1))],
            accounts=ACCOUNTS[: chance.choice((1, 1, 2, 3))] if is_paid else (),
            classes=CLASSES[: chance.choice((1, 1, 2))],
            loss=chance.choice((0.0, 0.02, 0.1)) if is_rough else 0.0,
            deaths=chance.choice((0.0, 0.02, 0.1)) if is_rough else 0.0,
            late=chance.choice((0.0, 0.2)),
            holds=chance.choice((0.02, 0.1, 0.3)),
            gaps=chance.choice((0.0, 0.3)) if is_rough else 0.0,
            strangers=chance.choice((0.0, 0.1)),
            administrators=chance.choice((0.0, 0.1)),
            cashiers=chance.choice((0.05, 0.15)) if is_paid else 0.0,
            is_open_early=chance.random() < 0.8,
            buyers=chance.choice((0.0, 0.1, 0.2)),
            carelessness=0.2,
            attachers=chance.choice((0.0, 0.15, 0.3)),
            detach_policy=chance.choice(("Force", "Force", "Force", "Retain")),
            seconds_ahead=(chance.choice((0, 0, -5, 8, 25)), chance.choice((0, 0, -20, 3))),
            price=chance.choice(PRICES) if is_paid else "0",
            period_seconds=chance.randint(5, 40),
            retention=exact if chance.random() < 0.8 else days,
            renewal_anchor=chance.choice(("OriginalExpiration", "RenewalTime")),
            bin_renewal=chance.random() < 0.3,
            lead_seconds=chance.choice((0, 0, 3)),
        )

    def offer(self, name: str, price: str) -> Body:
        """The preset that ships, with terms that a history lives to see the end of."""
        spec = {
            "price": {"amount": price, "currency": CURRENCIES[0]},
            "period": {"count": self.period_seconds, "unit": "Second"},
            "retention": self.retention,
            "renewalAnchor": self.renewal_anchor,
            "detachPolicy": self.detach_policy,
            "autoRenewInRecycleBin": self.bin_renewal,
            "autoRenewLead": {"count": self.lead_seconds, "unit": "Second"},
            "notices": {"beforeExpirationDays": [], "beforeReleaseHours": []},
        }
        return merge_patch(preset(), {"metadata": {"name": name}, "spec": spec})  # type: ignore[no-any-return]


@cache
def preset() -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(PRESET.read_text())
    return body
