"""What backs the instances of a class: a template, two patches and the data to erase. Data, not code.

Refuses to know how `$(…)` is substituted and which kinds a cluster serves.
"""

from typing import Any

from pydantic import Field
from pydantic.config import JsonDict

from prepaid.api.reference import API_VERSION_PATTERN, KIND_PATTERN, ApiVersion, Kind, NameTemplate
from prepaid.api.resource import Model
from prepaid.api.schema import OPEN

OBJECT: JsonDict = {
    "required": ["apiVersion", "kind"],
    "properties": {
        "apiVersion": {
            "type": "string",
            "minLength": 1,
            "maxLength": 128,
            "pattern": API_VERSION_PATTERN,
            "description": "The API group and version, such as apps/v1.",
        },
        "kind": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "pattern": KIND_PATTERN,
            "description": "The kind of the object, such as StatefulSet.",
        },
    },
}


class Ready(Model):
    """How to see that the workload is up."""

    path: str = Field(min_length=1, max_length=256, description="Where to look in the workload, such as status.readyReplicas.")
    equals: Any = Field(description="What must stand there: a number, a text, or true or false.", json_schema_extra=OPEN)


class DataTemplate(Model):
    """One object that holds an instance's data."""

    api_version: ApiVersion = Field(description="Its API group and version, such as v1.")
    kind: Kind = Field(description="Its kind, such as PersistentVolumeClaim.")
    name: NameTemplate = Field(description="Its name, such as data-$(name)-0.")


class Workload(Model):
    """One namespaced object of any kind, and how it is run and stopped."""

    template: dict[str, Any] = Field(
        max_length=32,
        description="The object; $(name), $(namespace), $(uid) and $(params.<name>) are replaced in its texts.",
        json_schema_extra=OPEN | OBJECT,
    )
    running: dict[str, Any] = Field(
        default_factory=dict, max_length=32, description="A merge patch for while the term runs.", json_schema_extra=OPEN
    )
    stopped: dict[str, Any] = Field(
        min_length=1,
        max_length=32,
        description="A merge patch for the Recycle Bin, and for when the owner stops the instance.",
        json_schema_extra=OPEN,
    )
    pod_template: str = Field(
        default="",
        max_length=256,
        description="Where the pod template is, such as spec.template; without it disks and interfaces are only recorded.",
    )
    ready: Ready | None = Field(default=None, description="How to see that the workload is up; without it, it is up once it is there.")
    data: tuple[DataTemplate, ...] = Field(
        default=(), max_length=16, description="The objects that are erased at termination, and only then."
    )
