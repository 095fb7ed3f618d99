"""What people see of elastic resources and of an instance's attachments, and the lists that they change. Texts and values, no layout.

Knows no terminal: the command line prints what is said here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import AttachmentRecord, AttachmentReference, AttachmentState, InstanceStatus

MOST_ATTACHMENTS: Final = 32


@dataclass(frozen=True)
class ResourceLine:
    """One elastic resource: who holds it, since when nobody does, what a unit of that costs, and what all of it has cost."""

    name: str
    type: str
    target: str
    holders: str
    idle_since: str
    price: str
    cost: str


def resource_line(resource: ElasticResource) -> ResourceLine:
    spec, status = resource.spec, resource.status
    price = status.idle_price
    return ResourceLine(
        name=resource.metadata.name,
        type=spec.type.value,
        target=f"{spec.target_ref.kind} {spec.target_ref.name}",
        holders=", ".join(holder.name for holder in status.attached_to),
        idle_since=status.idle_since_time.format_iso() if status.idle_since_time else "",
        price=f"{price.amount} {price.currency} per {price.unit.value}" if price else "",
        cost=f"{status.idle_charged:f}" if status.idle_charged else "",
    )


def resource_lines(resources: Iterable[ElasticResource]) -> list[ResourceLine]:
    """By name."""
    return [resource_line(resource) for resource in sorted(resources, key=lambda each: each.metadata.name)]


def attachment_sentences(status: InstanceStatus) -> list[str]:
    """One for each attachment, and one for what the last recycling took off and may be set again."""
    said = [attachment_sentence(record) for record in status.attachments]
    taken = ", ".join(record.name for record in status.detached_attachments)
    return [*said, f"Taken off by recycling: {taken}."] if taken else said


def attachment_sentence(record: AttachmentRecord) -> str:
    kind = f" ({record.type.value})" if record.type else ""
    if record.state is AttachmentState.PENDING:
        return f"{record.name}{kind} waits: {record.message}"
    since = f" since {record.attach_time}" if record.attach_time else ""
    return f"{record.name}{kind} is {record.state.value.lower()}{since}."


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
