"""PrepaidAccount: what was paid in, what was spent, what is in flight. Refuses to know how a purchase is made."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from prepaid.api.elastic_resource import ElasticType
from prepaid.api.money import Amount, Balance, Currency, UnitPrice
from prepaid.api.reference import Count
from prepaid.api.resource import Condition, Model, Moment, PrinterColumn, Resource
from prepaid.api.schema import ATOMIC_MAP, UNIQUE, keyed_by
from prepaid.api.terms import Unit

ReceiptId = Annotated[str, Field(min_length=1, max_length=128, pattern="^[A-Za-z0-9._:/-]+$")]


class PurchaseOutcome(StrEnum):
    """Whether a purchase was paid."""

    APPLIED = "Applied"
    VOIDED = "Voided"


class IdlePrice(Model):
    """What an idle elastic resource of one type costs."""

    type: ElasticType = Field(description="The type of elastic resource that this price is for.")
    amount: UnitPrice = Field(description='The price of one unit as a decimal string such as "0.02".')
    unit: Unit = Field(description="The unit that is charged: Month, Week, Day, Hour, Minute or Second.")


class AccountSpec(Model):
    """What cashiers write: the money paid in, and the tariff."""

    currency: Currency = Field(description="The currency of the account as a three-letter code such as CNY.")
    deposited: Amount = Field(description='The total that was ever paid in, as a decimal string such as "1500.00".')
    receipts: tuple[ReceiptId, ...] = Field(
        default=(),
        max_length=100,
        description="The last 100 receipt ids; a deposit repeated with the same id changes nothing.",
        json_schema_extra=UNIQUE,
    )
    idle_prices: tuple[IdlePrice, ...] = Field(
        default=(), max_length=5, description="What idle elastic resources cost, by type.", json_schema_extra=keyed_by("type")
    )


class PurchaseRecord(Model):
    """One purchase in flight, or over not long ago."""

    sequence: Count = Field(description="Which purchase of the instance this is.")
    outcome: PurchaseOutcome = Field(description="Applied if it was paid, Voided if it never will be.")
    amount: Amount = Field(description="What it costs.")


class IdleRecord(Model):
    """What the present idle span of one elastic resource has cost."""

    since_time: Moment = Field(description="When the span began.")
    units: Count = Field(description="How many units were charged.")
    amount: Amount = Field(description="What they cost together.")
    is_over: bool = Field(default=False, description="Whether the span was seen to be over: then this is final.")


class AccountStatus(Model):
    """What was spent; it always adds up: balance = deposited - charged."""

    charged: Amount | None = Field(default=None, description="The total that was ever charged.")
    balance: Balance | None = Field(default=None, description="What is left to spend; below zero if idle resources cost more.")
    purchases: dict[str, PurchaseRecord] = Field(
        default_factory=dict,
        max_length=200,
        description="The purchases in flight, and some that are over, by the instance's uid.",
        json_schema_extra=ATOMIC_MAP,
    )
    idle: dict[str, IdleRecord] = Field(
        default_factory=dict, max_length=500, description="The idle elastic resources, by their uid.", json_schema_extra=ATOMIC_MAP
    )
    closed_idle: Amount | None = Field(default=None, description="What elastic resources cost that are idle no longer.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=16, description="What is so, one by one, with a reason and a sentence.", json_schema_extra=keyed_by("type")
    )


class PrepaidAccount(Resource):
    """The money of a namespace: paid in by cashiers, spent on terms and on idle elastic resources."""

    kind: ClassVar[str] = "PrepaidAccount"
    plural: ClassVar[str] = "prepaidaccounts"
    singular: ClassVar[str] = "prepaidaccount"
    short_name: ClassVar[str] = "ppa"
    columns: ClassVar[tuple[PrinterColumn, ...]] = (
        PrinterColumn(name="Balance", type="string", json_path=".status.balance", description="What is left to spend."),
        PrinterColumn(name="Charged", type="string", json_path=".status.charged", description="What was ever charged."),
        PrinterColumn(name="Currency", type="string", json_path=".spec.currency", description="The currency of the account."),
    )

    spec: AccountSpec = Field(description="The money paid in and the tariff; written by cashiers alone.")
    status: AccountStatus = Field(default_factory=AccountStatus, description="What was spent; written by the operator alone.")
