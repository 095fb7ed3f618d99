"""Quantities as Kubernetes writes them: "1000m" is "1", "1Gi" is "1024Mi". Knows where they are found, refuses to compute with them."""

import re
from decimal import Decimal
from typing import Final

KEYS: Final = frozenset({"resources", "limits", "requests", "storage", "capacity", "sizeLimit", "divisor"})
"""Where values are quantities, at any depth below: the API server writes them back in another spelling."""

SHAPE: Final = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?[0-9]{1,2}))?")
FACTORS: Final = (
    {name: Decimal(10) ** exponent for name, exponent in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)}
    | {f"{name}i": Decimal(1024) ** power for power, name in enumerate("KMGTPE", start=1)}
)  # fmt: skip


def are_same_quantity(one: object, other: object) -> bool:
    """Whether both are quantities (a number, or a text such as "500m") of the same size."""
    size = parse_quantity(one)
    return size is not None and size == parse_quantity(other)


def parse_quantity(value: object) -> Decimal | None:
    """The size of a quantity, None for what is none."""
    if not isinstance(value, str | int | float):
        return None
    match = SHAPE.fullmatch(str(value))
    if match is None:
        return None
    number, suffix, exponent = match.groups()
    return Decimal(number) * (FACTORS[suffix] if suffix else Decimal(10) ** int(exponent or 0))
