"""What people see of elastic resources and of an instance's attachments, and the lists that they change. Texts and values, no layout.

Knows no terminal: the command line prints what is said here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from prepaid.api.elastic_resource import ElasticResource, IdleRate
from prepaid.api.instance import AttachmentRecord, AttachmentReference, AttachmentState

MOST_ATTACHMENTS: Final = 32


@dataclass(frozen=True)
class ResourceLine:
    """One elastic resource: who holds it, since when nobody does, the rate of that, and what all of it has cost."""

    namespace: str
    name: str
    type: str
    target: str
    holders: str
    idle_since: str
    rate: IdleRate | None
    charged: Decimal | None

    @property
    def price(self) -> str:
        return f"{self.rate.amount} {self.rate.currency} per {self.rate.unit.value}" if self.rate else ""

    @property
    def cost(self) -> str:
        return f"{self.charged:f}" if self.charged else ""


def resource_line(resource: ElasticResource) -> ResourceLine:
    spec, status = resource.spec, resource.status
    return ResourceLine(
        namespace=resource.metadata.namespace,
        name=resource.metadata.name,
        type=spec.type.value,
        target=f"{spec.target_ref.kind} {spec.target_ref.name}",
        holders=", ".join(holder.name for holder in status.attached_to),
        idle_since=status.idle_since_time.format_iso() if status.idle_since_time else "",
        rate=status.idle_price,
        charged=status.idle_charged,
    )


def resource_lines(resources: Iterable[ElasticResource]) -> list[ResourceLine]:
    """By namespace and name."""
    return sorted((resource_line(resource) for resource in resources), key=lambda line: (line.namespace, line.name))


def attachment_standing(record: AttachmentRecord) -> str:
    """What it is, and how far it has come."""
    kind = f"{record.type.value}, " if record.type else ""
    if record.state is AttachmentState.PENDING:
        return f"{kind}waits: {record.message}"
    since = f" since {record.attach_time}" if record.attach_time else ""
    return f"{kind}{record.state.value.lower()}{since}"


def attached_list(now: Sequence[AttachmentReference], names: Sequence[str]) -> list[str]:
    """The owner's list with these names as well, each once. Raises ValueError with a sentence where it would be too long."""
    wanted = list(dict.fromkeys([*(reference.name for reference in now), *names]))
    if len(wanted) > MOST_ATTACHMENTS:
        raise ValueError(f"An instance has at most {MOST_ATTACHMENTS} attachments; these would be {len(wanted)}.")
    return wanted


def detached_list(now: Sequence[AttachmentReference], names: Sequence[str]) -> list[str]:
    """The owner's list without these names. Raises ValueError with a sentence for one that is not in it."""
    known = [reference.name for reference in now]
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"{', '.join(unknown)} is not attached; {', '.join(known) or 'nothing'} is.")
    return [name for name in known if name not in names]
