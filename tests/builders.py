"""What the rules look at, with good defaults: a class of one month, an instance that bought it once, what a healthy cluster shows.

`running`, `recycled`, `terminating` and `terminated` give whole facts; `spec`, `status` and `seen` change single fields of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from whenever import Instant, TimeDelta

from prepaid.api.account import AccountSpec, AccountStatus, IdlePrice, PrepaidAccount, PurchaseRecord
from prepaid.api.bin_item import BinItemPhase, BinItemSpec, BinItemStatus, InstanceRef, RecycleBinItem
from prepaid.api.elastic_resource import (
    TARGETS,
    ElasticPhase,
    ElasticResource,
    ElasticResourceSpec,
    ElasticResourceStatus,
    ElasticType,
    TargetReference,
)
from prepaid.api.instance import DataRecord, DataState, InstanceSpec, InstanceStatus, Phase, PrepaidInstance, VolumeRecord, WorkloadRecord
from prepaid.api.instance_class import DataTemplate, InstanceClass, InstanceClassSpec, Parameter, Ready, Workload
from prepaid.api.intent import Intent, IntentState
from prepaid.api.marks import CLASS, INSTANCE, INSTANCE_ID, INSTANCE_UID, LIFECYCLE_FINALIZER, STAY
from prepaid.api.order import OrderInstanceRef, OrderSource, RenewalOrder, RenewalOrderSpec, RenewalOrderStatus
from prepaid.api.reference import Reference
from prepaid.api.resource import Condition, ObjectMeta
from prepaid.api.terms import DayType, DetachPolicy, Lead, Notices, Period, Price, RenewalAnchor, Retention, Rounding, Terms, Unit
from prepaid.lifecycle.facts import Facts, Seen, SeenData
from prepaid.lifecycle.marking import PROTECTION
from prepaid.lifecycle.objects import LiveObject
from prepaid.lifecycle.offer import offer_of
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.running import running_manifest
from prepaid.lifecycle.template import merge_patch

Changes = Mapping[str, Any]
NONE: Final[Changes] = {}

SECOND, HOUR, DAY = TimeDelta(seconds=1), TimeDelta(hours=1), TimeDelta(hours=24)
START: Final = Instant.parse_iso("2026-05-01T10:00:00Z")
MIDTERM: Final = Instant.parse_iso("2026-05-15T10:00:00Z")
EXPIRATION: Final = Instant.parse_iso("2026-06-01T10:00:00Z")
SECOND_EXPIRATION: Final = Instant.parse_iso("2026-07-01T10:00:00Z")
RELEASE: Final = Instant.parse_iso("2026-06-08T10:00:00Z")
IN_BIN: Final = Instant.parse_iso("2026-06-03T10:00:00Z")

NAME, NAMESPACE, UID, OTHER_UID = "web-1", "team-a", "0a1b2c3d-0000-4000-8000-000000000001", "ffffffff-0000-4000-8000-000000000009"
CLAIM, CLAIM_UID, VOLUME, VOLUME_UID = "data-web-1-0", "claim-uid", "pvc-1", "volume-uid"
LABELS: Final = {INSTANCE: NAME, INSTANCE_UID: UID, CLASS: "standard"}

MONTH = Period(count=1, unit=Unit.MONTH)
A_WEEK = Retention(count=7, unit=Unit.DAY, day_type=DayType.CALENDAR, rounding=Rounding.EXACT, holidays="")
AT_THE_END = Lead(count=0, unit=Unit.HOUR)
SILENT = Notices(before_expiration_days=(), before_release_hours=())
IN_USE_MARK = Condition(type="InUse", status="True", reason="HasInstances", last_transition_time=START)
FREE = Price(amount=Decimal(0), currency="CNY")
DEAR = Price(amount=Decimal("120.00"), currency="CNY")


def terms(**changes: object) -> Terms:
    """A month, kept a week to the second, free."""
    usual = Terms(
        price=Decimal(0),
        currency="CNY",
        period=MONTH,
        time_zone="UTC",
        renewal_anchor=RenewalAnchor.ORIGINAL_EXPIRATION,
        retention=A_WEEK,
        auto_renew_lead=AT_THE_END,
        detach_policy=DetachPolicy.FORCE,
        auto_renew_in_recycle_bin=False,
        notices=SILENT,
    )
    return usual.model_copy(update=changes)


def workload(**changes: object) -> Workload:
    """A StatefulSet with one claim."""
    usual = Workload(
        template={
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "metadata": {"name": "$(name)"},
            "spec": {
                "selector": {"matchLabels": {"app": "$(name)"}},
                "template": {
                    "metadata": {"labels": {"app": "$(name)"}},
                    "spec": {"containers": [{"name": "main", "image": "$(params.image)"}]},
                },
                "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
            },
        },
        running={"spec": {"replicas": 1}},
        stopped={"spec": {"replicas": 0}},
        pod_template="spec.template",
        ready=Ready(path="status.readyReplicas", equals=1),
        data=(DataTemplate(api_version="v1", kind="PersistentVolumeClaim", name="data-$(name)-0"),),
    )
    return usual.model_copy(update=changes)


def instance_class(**changes: object) -> InstanceClass:
    """`standard`: what `terms` says, with the workload of `workload`."""
    usual = InstanceClassSpec(
        price=FREE,
        period=MONTH,
        time_zone="UTC",
        retention=A_WEEK,
        notices=SILENT,
        parameters=(Parameter(name="image", default="nginx:1.29", pattern="[a-z0-9.:-]+"),),
        workload=workload(),
    )
    return InstanceClass(metadata=ObjectMeta(name="standard", uid="class-uid", generation=1), spec=usual.model_copy(update=changes))


def instance(status: InstanceStatus | None = None, spec: Changes = NONE, metadata: Changes = NONE) -> PrepaidInstance:
    """`web-1`, marked as ours."""
    marked = ObjectMeta(
        name=NAME,
        namespace=NAMESPACE,
        uid=UID,
        resource_version="1",
        generation=1,
        creation_timestamp=START,
        annotations=PROTECTION | {INSTANCE_ID: UID},
        finalizers=(LIFECYCLE_FINALIZER,),
    )
    return PrepaidInstance(
        metadata=marked.model_copy(update=dict(metadata)),
        spec=InstanceSpec(instance_class="standard").model_copy(update=dict(spec)),
        status=status or InstanceStatus(),
    )


def running_status(**changes: object) -> InstanceStatus:
    """Bought once at START."""
    usual = InstanceStatus(
        phase=Phase.RUNNING,
        observed_generation=1,
        start_time=START,
        expiration_time=EXPIRATION,
        anchor_time=START,
        anchor_periods=1,
        periods=1,
        requested_periods=1,
        sequence=1,
        terms=terms(),
        workload=workload_record(),
        data=(data_record(),),
    )
    return usual.model_copy(update=changes)


def recycled_status(**changes: object) -> InstanceStatus:
    """In the bin for the first time, on the second."""
    return running_status(phase=Phase.RECYCLED, stay=1, recycle_time=EXPIRATION, release_time=RELEASE).model_copy(update=changes)


def terminating_status(**changes: object) -> InstanceStatus:
    """Through the door, on the second."""
    return recycled_status(phase=Phase.TERMINATING, termination_time=RELEASE).model_copy(update=changes)


def terminated_status(**changes: object) -> InstanceStatus:
    """Erased, and seen to be."""
    erased = Condition(type="DataErased", status="True", reason="Erased", message="Erased: all of it.", last_transition_time=RELEASE)
    gone = (data_record(state=DataState.ERASED),)
    return terminating_status(phase=Phase.TERMINATED, data=gone, conditions=(erased,)).model_copy(update=changes)


def workload_record(**changes: object) -> WorkloadRecord:
    usual = WorkloadRecord(
        api_version="apps/v1",
        kind="StatefulSet",
        name=NAME,
        uid="workload-uid",
        stopped={"spec": {"replicas": 0}},
        class_version="class-uid-1",
    )
    return usual.model_copy(update=changes)


def data_record(**changes: object) -> DataRecord:
    usual = DataRecord(
        api_version="v1",
        kind="PersistentVolumeClaim",
        name=CLAIM,
        uid=CLAIM_UID,
        volume=VolumeRecord(name=VOLUME, uid=VOLUME_UID),
        state=DataState.PRESENT,
    )
    return usual.model_copy(update=changes)


def live(kind: str, name: str, uid: str, api_version: str = "v1", namespace: str = NAMESPACE, **body: object) -> LiveObject:
    """An object of any kind as the server shows it; `body` has its spec, status and more metadata."""
    metadata = {"name": name, "namespace": namespace, "uid": uid, "resourceVersion": "1", "generation": 1}
    return LiveObject.parse(merge_patch(body, {"apiVersion": api_version, "kind": kind, "metadata": metadata}))


def claim(uid: str = CLAIM_UID, **metadata: object) -> LiveObject:
    """The claim that holds the data."""
    return live("PersistentVolumeClaim", CLAIM, uid, metadata={"labels": LABELS, **metadata}, spec={"volumeName": VOLUME})


def volume(policy: str = "Delete") -> LiveObject:
    return live("PersistentVolume", VOLUME, VOLUME_UID, namespace="", spec={"persistentVolumeReclaimPolicy": policy})


def running_workload(of: PrepaidInstance, sold: InstanceClass | None = None, ready: int = 1) -> LiveObject:
    """The workload as the class makes it for the instance, up and ready."""
    offer = offer_of(sold or instance_class(), of)
    assert isinstance(offer.rendering, Rendering)
    manifest = running_manifest(offer.rendering, Facts(of, replace(seen(of, sold), workload=None), MIDTERM))
    status = {"readyReplicas": ready, "observedGeneration": 1}
    metadata = {"uid": "workload-uid", "resourceVersion": "1", "generation": 1}
    return LiveObject.parse(merge_patch(manifest, {"status": status, "metadata": metadata}))


def stopped_workload(of: PrepaidInstance, sold: InstanceClass | None = None) -> LiveObject:
    """The same, stopped for the present stay."""
    stamp = {"metadata": {"annotations": {STAY: f"{of.status.stay}-stopped"}}, "spec": {"replicas": 0}, "status": {"readyReplicas": 0}}
    return changed(running_workload(of, sold), stamp)


def changed(what: LiveObject, patch: Changes) -> LiveObject:
    """The live object after a merge patch."""
    return LiveObject.parse(merge_patch(what.body, patch))


def item(spec: Changes = NONE, status: Changes = NONE, metadata: Changes = NONE, stay: int = 1, uid: str = UID) -> RecycleBinItem:
    """The item of the first stay, filed on the second."""
    own = ObjectMeta(name=NAME, namespace=NAMESPACE, uid="item-uid", resource_version="1", generation=1, creation_timestamp=EXPIRATION)
    filed = BinItemSpec(
        instance_ref=InstanceRef(name=NAME, uid=uid, stay=stay), recycle_time=EXPIRATION, release_time=RELEASE, reason="Expired"
    )
    return RecycleBinItem(
        metadata=own.model_copy(update=dict(metadata)),
        spec=filed.model_copy(update=dict(spec)),
        status=BinItemStatus().model_copy(update=dict(status)),
    )


def seen(of: PrepaidInstance, sold: InstanceClass | None = None, **changes: object) -> Seen:
    """A cluster that serves the class, and shows nothing of the instance."""
    sold = sold or instance_class()
    offer = offer_of(sold, of)
    version = f"{sold.metadata.uid}-{sold.metadata.generation}"
    usual = Seen(offer.terms, version, offer.rendering, workload=None, workload_is_ours=False, data=(), pods=0, item=None)
    return with_workload(usual, changes)


def with_workload(usual: Seen, changes: Changes) -> Seen:
    """A workload that is given is ours unless it is said not to be."""
    ours = {"workload_is_ours": changes["workload"] is not None} if "workload" in changes else {}
    return replace(usual, **{**ours, **changes})


def recorded_data(record: DataRecord | None = None) -> tuple[SeenData, ...]:
    """The claim on record, alive; its volume is on record too, and not looked at."""
    return (SeenData(record or data_record(), claim(), None, is_ours=True),)


def new(now: Instant = START, *, spec: Changes = NONE, sold: InstanceClass | None = None, **changes: object) -> Facts:
    """Applied a moment ago, and marked."""
    who = instance(spec=spec)
    return Facts(who, seen(who, sold, **changes), now)


def running(
    now: Instant = MIDTERM, *, spec: Changes = NONE, status: Changes = NONE, sold: InstanceClass | None = None, **changes: object
) -> Facts:
    """Paid for and well."""
    who = instance(running_status(**status), spec)
    usual = seen(who, sold, workload=running_workload(who), data=recorded_data())
    return Facts(who, with_workload(usual, changes), now)


def recycled(
    now: Instant = IN_BIN, *, spec: Changes = NONE, status: Changes = NONE, sold: InstanceClass | None = None, **changes: object
) -> Facts:
    """In the bin, stopped and filed."""
    who = instance(recycled_status(**status), spec)
    usual = seen(who, sold, workload=stopped_workload(who), data=recorded_data(), item=item())
    return Facts(who, with_workload(usual, changes), now)


def terminating(now: Instant = RELEASE, *, status: Changes = NONE, sold: InstanceClass | None = None, **changes: object) -> Facts:
    """Through the door; nothing is erased yet."""
    who = instance(terminating_status(**status))
    usual = seen(who, sold, workload=stopped_workload(who), data=recorded_data(), item=item(status={"phase": BinItemPhase.TERMINATING}))
    return Facts(who, with_workload(usual, changes), now)


def terminated(now: Instant = RELEASE + DAY, **status: object) -> Facts:
    """Erased; only the tombstone and the receipt are left."""
    who = instance(terminated_status(**status))
    return Facts(who, seen(who, item=item(status={"phase": BinItemPhase.TERMINATED})), now)


def without_class(facts: Facts) -> Facts:
    """The same, after somebody deleted the class."""
    offer = offer_of(None, facts.instance)
    return replace(facts, seen=replace(facts.seen, terms_on_offer=offer.terms, rendering=offer.rendering, class_version=""))


def account(
    deposited: str = "100.00",
    charged: str = "0",
    uid: str = "account-uid",
    currency: str = "CNY",
    purchases: Mapping[str, PurchaseRecord] = NONE,
) -> PrepaidAccount:
    """`default`: a hundred yuan, nothing charged, marked as in use."""
    spent = Decimal(charged)
    return PrepaidAccount(
        metadata=ObjectMeta(name="default", namespace=NAMESPACE, uid=uid, resource_version="1"),
        spec=AccountSpec(currency=currency, deposited=Decimal(deposited)),
        status=AccountStatus(charged=spent, balance=Decimal(deposited) - spent, purchases=dict(purchases), conditions=(IN_USE_MARK,)),
    )


def with_tariff(
    of: PrepaidAccount, unit: Unit = Unit.HOUR, amount: str = "0.50", types: tuple[ElasticType, ...] = tuple(ElasticType)
) -> PrepaidAccount:
    """The account with one price for all types of idle resources."""
    prices = tuple(IdlePrice(type=each, amount=Decimal(amount), unit=unit) for each in types)
    return of.model_copy(update={"spec": of.spec.model_copy(update={"idle_prices": prices})})


def resource(
    name: str = "disk-1", elastic_type: ElasticType = ElasticType.CLOUD_DISK, status: Changes = NONE, metadata: Changes = NONE
) -> ElasticResource:
    """A cloud disk on the claim of its own name, taken in and idle since START."""
    api_version, kind = TARGETS[elastic_type].split(" ")
    own = ObjectMeta(
        name=name,
        namespace=NAMESPACE,
        uid=f"{name}-uid",
        resource_version="1",
        generation=1,
        creation_timestamp=START,
        finalizers=(LIFECYCLE_FINALIZER,),
    )
    idle = ElasticResourceStatus(phase=ElasticPhase.IDLE, idle_since_time=START)
    return ElasticResource(
        metadata=own.model_copy(update=dict(metadata)),
        spec=ElasticResourceSpec(type=elastic_type, target_ref=TargetReference(api_version=api_version, kind=kind, name=name)),
        status=idle.model_copy(update=dict(status)),
    )


def order(name: str = "renewal-1", status: RenewalOrderStatus | None = None, spec: Changes = NONE, **metadata: object) -> RenewalOrder:
    """One period for `web-1`, asked for by its owner and taken by us."""
    usual = ObjectMeta(
        name=name, namespace=NAMESPACE, uid=f"{name}-uid", resource_version="1", creation_timestamp=START, finalizers=(LIFECYCLE_FINALIZER,)
    )
    return RenewalOrder(
        metadata=usual.model_copy(update=metadata),
        spec=RenewalOrderSpec(instance_ref=OrderInstanceRef(name=NAME, uid=UID)).model_copy(update=dict(spec)),
        status=status or RenewalOrderStatus(),
    )


def intent(**changes: object) -> Intent:
    """One period for ten yuan, paid by `default`, open."""
    usual = Intent(
        sequence=1,
        order=Reference(name="renewal-1", uid="renewal-1-uid"),
        account=Reference(name="default", uid="account-uid"),
        periods=1,
        amount=Decimal("10.00"),
        terms=terms(price=Decimal("10.00")),
        state=IntentState.OPEN,
        source=OrderSource.OWNER,
    )
    return usual.model_copy(update=changes)
