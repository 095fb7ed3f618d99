"""ElasticResource: something that lives longer than any instance and is charged while it is idle. Refuses to know how it attaches."""

from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict, Field

from prepaid.api.money import Amount, Currency, UnitPrice
from prepaid.api.reference import ApiVersion, Count, Kind, ObjectName, Reference
from prepaid.api.resource import Condition, Model, Moment, PrinterColumn, Resource
from prepaid.api.schema import checked, immutable, keyed_by
from prepaid.api.terms import Unit


class ElasticType(StrEnum):
    """What an elastic resource is."""

    LOAD_BALANCER = "LoadBalancer"
    ELASTIC_IP = "ElasticIP"
    CLOUD_DISK = "CloudDisk"
    NETWORK_INTERFACE = "NetworkInterface"
    NETWORK_LINK = "NetworkLink"


class ElasticPhase(StrEnum):
    """Whether an instance holds it."""

    IDLE = "Idle"
    ATTACHED = "Attached"


TARGETS = {
    ElasticType.LOAD_BALANCER: "v1 Service",
    ElasticType.ELASTIC_IP: "v1 Service",
    ElasticType.CLOUD_DISK: "v1 PersistentVolumeClaim",
    ElasticType.NETWORK_INTERFACE: "k8s.cni.cncf.io/v1 NetworkAttachmentDefinition",
    ElasticType.NETWORK_LINK: "networking.k8s.io/v1 NetworkPolicy",
}
TARGET_RULE = checked(
    f"self.targetRef.apiVersion + ' ' + self.targetRef.kind == { {str(key): value for key, value in TARGETS.items()} }[self.type]",
    "spec.targetRef must fit spec.type: " + ", ".join(f"{key} takes a {value}" for key, value in TARGETS.items()) + ".",
)


class TargetReference(Model):
    """The object behind an elastic resource."""

    api_version: ApiVersion = Field(description="Its API group and version, such as v1.")
    kind: Kind = Field(description="Its kind: Service, PersistentVolumeClaim, NetworkAttachmentDefinition or NetworkPolicy.")
    name: ObjectName = Field(description="Its name, in the same namespace.")


class ElasticResourceSpec(Model):
    """What it is, what is behind it, and who pays while it is idle."""

    model_config = ConfigDict(json_schema_extra=TARGET_RULE)

    type: ElasticType = Field(description="What it is; it cannot be changed.", json_schema_extra=immutable("spec.type"))
    target_ref: TargetReference = Field(
        description="The object behind it; it cannot be changed.", json_schema_extra=immutable("spec.targetRef")
    )
    account: ObjectName = Field(default="default", description="The PrepaidAccount in the same namespace that pays while it is idle.")


class IdleRate(Model):
    """What one idle unit costs."""

    amount: UnitPrice = Field(description='The price of one unit as a decimal string such as "0.02".')
    currency: Currency = Field(description="The currency as a three-letter code such as CNY.")
    unit: Unit = Field(description="The unit that is charged: Month, Week, Day, Hour, Minute or Second.")


class IdleSpan(Model):
    """A stretch of idle time that one account pays at one price, from its beginning on in whole started units."""

    account: Reference = Field(description="The PrepaidAccount that pays for it.")
    price: IdleRate = Field(description="What one started unit costs, as copied from the account's tariff.")
    since_time: Moment = Field(description="Its first moment.")
    until_time: Moment | None = Field(default=None, description="The first moment that is no longer idle; empty while it runs.")
    units: Count = Field(default=0, description="How many units are known to be charged.")


class Holder(Reference):
    """An instance that holds the resource."""

    generation: Count = Field(default=0, description="That of the instance when it took hold, or said again that it wants it.")


class ElasticResourceStatus(Model):
    """Who holds it, and what it has cost while nobody did."""

    phase: ElasticPhase | None = Field(default=None, description="Idle, or Attached to an instance.")
    attached_to: tuple[Holder, ...] = Field(default=(), max_length=1000, description="The instances that hold it.")
    attach_time: Moment | None = Field(default=None, description="Since when it is held without a break; empty while it is idle.")
    idle_since_time: Moment | None = Field(default=None, description="Since when nobody has held it.")
    idle_price: IdleRate | None = Field(default=None, description="What one idle unit costs, as copied from the account's tariff.")
    idle_spans: tuple[IdleSpan, ...] = Field(
        default=(), max_length=16, description="The idle time that is not settled yet, oldest first; what is settled leaves the list."
    )
    idle_account: str = Field(default="", max_length=253, description="The name of the account that has paid idleCharged.")
    idle_charged: Amount | None = Field(default=None, description="What all its idle time has cost that account.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=16, description="What is so, one by one, with a reason and a sentence.", json_schema_extra=keyed_by("type")
    )


class ElasticResource(Resource):
    """A load balancer, elastic IP, cloud disk, network interface or network link that instances attach."""

    kind: ClassVar[str] = "ElasticResource"
    plural: ClassVar[str] = "elasticresources"
    singular: ClassVar[str] = "elasticresource"
    short_name: ClassVar[str] = "ers"
    rules: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "self.metadata.name.size() <= 63 && !self.metadata.name.contains('.')",
            "metadata.name must be a DNS label: at most 63 lower case letters, digits and '-', without dots.",
        ),
    )
    columns: ClassVar[tuple[PrinterColumn, ...]] = (
        PrinterColumn(name="Type", type="string", json_path=".spec.type", description="What it is."),
        PrinterColumn(name="Target", type="string", json_path=".spec.targetRef.name", description="The object behind it."),
        PrinterColumn(name="Phase", type="string", json_path=".status.phase", description="Whether an instance holds it."),
        PrinterColumn(name="Holder", type="string", json_path=".status.attachedTo[0].name", description="The instance that holds it."),
        PrinterColumn(name="Idle since", type="string", json_path=".status.idleSinceTime", description="Since when nobody holds it."),
        PrinterColumn(name="Cost", type="string", json_path=".status.idleCharged", description="What its idle time has cost.", priority=1),
    )

    spec: ElasticResourceSpec = Field(description="What it is, what is behind it, and who pays while it is idle.")
    status: ElasticResourceStatus = Field(
        default_factory=ElasticResourceStatus, description="Who holds it and what it costs; written by the operator alone."
    )
