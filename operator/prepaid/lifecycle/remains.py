"""What the end of an instance erases for good, and what lives on (product.md P10, P11)."""

from prepaid.api.elastic_resource import ElasticType
from prepaid.api.instance import DataState, InstanceStatus


def erased_at_the_end(status: InstanceStatus) -> tuple[str, ...]:
    """The data on record that is still there: nothing else is ever erased."""
    return tuple(f"{record.kind} {record.name}" for record in status.data if record.state is not DataState.ERASED)


def lives_on(status: InstanceStatus) -> tuple[str, ...]:
    """The elastic resources that it has, or that recycling took off: each once."""
    known = (*status.attachments, *status.pending_detachments, *status.detached_attachments)
    return tuple(dict.fromkeys(called(one.name, one.type) for one in known))


def called(name: str, of_type: ElasticType | None) -> str:
    """What an attachment is called: a reference to nothing has no type."""
    return f"{of_type.value} {name}" if of_type else name
