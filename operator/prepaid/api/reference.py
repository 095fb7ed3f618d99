"""How our objects name others: always in the same namespace, never with a namespace field. Knows nothing of what is named."""

from typing import Annotated, Final

from pydantic import Field

from prepaid.api.resource import Model

LABEL_PATTERN: Final = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
OBJECT_NAME_PATTERN: Final = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
"""No slash and no dots alone: a name is one step of a path and leads nowhere else."""
API_VERSION_PATTERN: Final = "^([a-z0-9.-]+/)?[a-z0-9]+$"
KIND_PATTERN: Final = "^[A-Za-z][A-Za-z0-9]*$"
PARAMETER_NAME: Final = "^[A-Za-z][A-Za-z0-9_-]*$"
INSTANCE_NAME_LENGTH: Final = 52

Label = Annotated[str, Field(min_length=1, max_length=63, pattern=LABEL_PATTERN)]
InstanceName = Annotated[str, Field(min_length=1, max_length=INSTANCE_NAME_LENGTH, pattern=LABEL_PATTERN)]
ObjectName = Annotated[str, Field(min_length=1, max_length=253, pattern=OBJECT_NAME_PATTERN)]
NameTemplate = Annotated[str, Field(min_length=1, max_length=253)]
Uid = Annotated[str, Field(min_length=1, max_length=64)]
ApiVersion = Annotated[str, Field(min_length=1, max_length=128, pattern=API_VERSION_PATTERN)]
Kind = Annotated[str, Field(min_length=1, max_length=63, pattern=KIND_PATTERN)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Periods = Annotated[int, Field(ge=1, le=100_000)]


class Reference(Model):
    """Exactly one object: another one of the same name has another uid."""

    name: ObjectName = Field(description="The object's name.")
    uid: Uid = Field(description="The object's uid.")
