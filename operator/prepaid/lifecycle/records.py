"""What is known of an instance's workload and data, kept in its status so that the end can be carried out without its class.

Records of data are only ever added to before the door, and frozen with it (api.md, status.data).
"""

from prepaid.api.instance import DataRecord, DataState, InstanceStatus, VolumeRecord, WorkloadRecord
from prepaid.lifecycle.facts import Facts, SeenData
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.rendering import Rendering


def with_records(facts: Facts, status: InstanceStatus) -> InstanceStatus:
    """The status with the workload as it is and all data seen so far."""
    return status.model_copy(update={"workload": known_workload(facts, status.workload), "data": data_records(facts)})


def known_workload(facts: Facts, record: WorkloadRecord | None) -> WorkloadRecord | None:
    """The record of the workload that lives now. How it is stopped is taken from the class for another one, or where it was lost."""
    live, rendering = facts.seen.workload, facts.seen.rendering
    if live is None or not facts.seen.workload_is_ours:
        return record
    if isinstance(rendering, Rendering) and rendering.ref == live.ref and not tells_how_to_stop(record, live):
        version = record.class_version if record else facts.seen.class_version
        record = WorkloadRecord(**naming(live), stopped=dict(rendering.stopped), class_version=version)
    return record.model_copy(update=naming(live)) if record else None


def tells_how_to_stop(record: WorkloadRecord | None, live: LiveObject) -> bool:
    if record is None or not record.stopped:
        return False
    return (record.api_version, record.kind, record.name) == (live.ref.api_version, live.ref.kind, live.ref.name)


def naming(live: LiveObject) -> dict[str, str]:
    return {"api_version": live.ref.api_version, "kind": live.ref.kind, "name": live.ref.name, "uid": live.metadata.uid}


def data_records(facts: Facts) -> tuple[DataRecord, ...]:
    """The old records, in their order and with volumes filled in, then what is new."""
    seen = {key(record): record for data in facts.seen.data if (record := newest(data))}
    return tuple(({key(old): old for old in facts.status.data} | seen).values())


def key(record: DataRecord) -> tuple[str, str, str]:
    return record.kind, record.name, record.uid


def newest(data: SeenData) -> DataRecord | None:
    """The record of what lives under this name now, if it is ours."""
    if data.live is None or not data.is_ours:
        return None
    ref, uid = data.live.ref, data.live.metadata.uid
    known = data.record.volume if data.record else None
    volume = VolumeRecord(name=data.volume.ref.name, uid=data.volume.metadata.uid) if data.volume else known
    return DataRecord(api_version=ref.api_version, kind=ref.kind, name=ref.name, uid=uid, volume=volume, state=DataState.PRESENT)
