"""What is known of an instance's workload and data, kept in its status so that the end can be carried out without its class.

Records of data are only ever added to before the door, and frozen with it (api.md, status.data).
"""

from prepaid.api.instance import DataRecord, DataState, InstanceStatus, VolumeRecord
from prepaid.lifecycle.facts import Facts, SeenData


def with_records(facts: Facts, status: InstanceStatus) -> InstanceStatus:
    """The status with the uid of the workload and all data seen so far."""
    live, workload = facts.seen.workload, status.workload
    if workload and live and facts.seen.workload_is_ours:
        workload = workload.model_copy(
            update={"api_version": live.ref.api_version, "kind": live.ref.kind, "name": live.ref.name, "uid": live.metadata.uid}
        )
    return status.model_copy(update={"workload": workload, "data": data_records(facts)})


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
