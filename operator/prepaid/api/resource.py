"""What all our kinds share: how a model is parsed and written, object metadata, conditions, moments.

Models are frozen, read with extra="ignore" (a newer version may have written more) and written in camelCase with defaults left out.
Knows no rule of the product.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel
from whenever import Instant

GROUP = "prepaid.dev"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"

MOMENT_PATTERN = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"


def parse_moment(value: object) -> object:
    """A moment is RFC 3339 in whole seconds UTC; anything else raises ValueError, which pydantic reports with the field's name."""
    return Instant.parse_iso(value).round("second", mode="floor") if isinstance(value, str) else value


Moment = Annotated[
    Instant,
    BeforeValidator(parse_moment),
    PlainSerializer(lambda moment: moment.format_iso(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": MOMENT_PATTERN}),
]


class Model(BaseModel):
    """A frozen value that Kubernetes sees in camelCase."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        arbitrary_types_allowed=True,
        defer_build=True,
    )

    def to_manifest(self) -> dict[str, Any]:
        """The JSON shape that the API server takes; what equals its default is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


class OwnerReference(Model):
    """Who owns an object, as the garbage collector reads it."""

    api_version: str
    kind: str
    name: str
    uid: str
    controller: bool = False
    block_owner_deletion: bool = False


class ObjectMeta(Model):
    """The part of Kubernetes' ObjectMeta that we read or write."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    generation: int = 0
    creation_timestamp: Moment | None = None
    deletion_timestamp: Moment | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    owner_references: tuple[OwnerReference, ...] = ()


class Condition(Model):
    """One condition of the Kubernetes API conventions; lastTransitionTime moves only when the status flips."""

    type: str = Field(min_length=1, max_length=64, pattern="^[A-Za-z]+$", description="What the condition speaks of.")
    status: Literal["True", "False", "Unknown"] = Field(description="Whether it is so.")
    reason: str = Field(max_length=64, pattern="^[A-Za-z]*$", description="One word for why.")
    message: str = Field(default="", max_length=32768, description="One sentence: what is so, and what happens next.")
    observed_generation: int = Field(default=0, ge=0, le=2**53, description="The generation of the spec that this speaks of.")
    last_transition_time: Moment = Field(description="When the status last flipped.")


class PrinterColumn(Model):
    """One column of `kubectl get`."""

    name: str
    type: Literal["string", "integer", "boolean", "date", "number"]
    json_path: str
    description: str
    priority: int = 0


class Resource(Model):
    """One of our kinds: metadata here, spec and status in the subclass, and what its CRD says beyond the schema."""

    kind: ClassVar[str]
    plural: ClassVar[str]
    singular: ClassVar[str]
    short_name: ClassVar[str]
    namespaced: ClassVar[bool] = True
    columns: ClassVar[tuple[PrinterColumn, ...]] = ()
    selectable: ClassVar[tuple[str, ...]] = ()
    rules: ClassVar[tuple[tuple[str, str], ...]] = ()
    status_default: ClassVar[dict[str, str]] = {}

    metadata: ObjectMeta = Field(default_factory=ObjectMeta)

    @classmethod
    def parse(cls, manifest: dict[str, Any]) -> Self:
        """Reads what the API server sent. Raises pydantic.ValidationError where it is not of this shape."""
        return cls.model_validate(manifest)

    def to_manifest(self) -> dict[str, Any]:
        return {"apiVersion": API_VERSION, "kind": self.kind, **super().to_manifest()}
