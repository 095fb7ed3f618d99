"""The kinds as values: read whole, read empty, never guessed."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from bounds import cases, dotted, fields
from prepaid.api.crd import root_schema
from prepaid.api.instance import InstanceStatus, PrepaidInstance
from prepaid.api.kinds import KINDS
from prepaid.api.resource import Resource
from prepaid.api.terms import Terms
from specimens import specimen

EACH_KIND = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])


@EACH_KIND
def test_a_whole_object_is_read_and_written_without_loss(kind: type[Resource]) -> None:
    whole = kind.parse(specimen(kind))
    assert kind.parse(whole.to_manifest()) == whole


@EACH_KIND
def test_what_a_newer_version_wrote_does_not_disturb(kind: type[Resource]) -> None:
    newer = {**specimen(kind), "future": 1}
    newer["status"]["future"] = {"a": 1}
    assert kind.parse(newer) == kind.parse(specimen(kind))


@EACH_KIND
@pytest.mark.parametrize("status", [pytest.param(None, id="missing"), pytest.param({}, id="empty")])
def test_an_object_without_status_is_read(kind: type[Resource], status: object) -> None:
    manifest = {name: value for name, value in specimen(kind).items() if name != "status"}
    assert kind.parse(manifest if status is None else {**manifest, "status": status})


@EACH_KIND
def test_any_field_of_a_status_may_be_missing(kind: type[Resource]) -> None:
    for name in specimen(kind)["status"]:
        manifest = specimen(kind)
        del manifest["status"][name]
        assert kind.parse(manifest)


@EACH_KIND
def test_whatever_the_schema_accepts_is_read(kind: type[Resource]) -> None:
    for case in cases(kind):
        if not case.edge.refusal:
            assert kind.parse(filled(root_schema(kind), case.body)), str(case)


def filled(schema: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - JSON
    """What the API server makes of a value: with the defaults of its schema."""
    if isinstance(value, list):
        return [filled(schema["items"], entry) for entry in value]
    if not isinstance(value, dict):
        return value
    below = schema.get("properties", {})
    defaults = {name: field["default"] for name, field in below.items() if "default" in field}
    return {name: filled(below.get(name, {}), entry) for name, entry in {**defaults, **value}.items()}


TERMS_SCHEMA = root_schema(PrepaidInstance)["properties"]["status"]["properties"]["terms"]
TERMS: dict[str, Any] = specimen(PrepaidInstance)["status"]["terms"]
TERMS_FIELDS = [path for path, _, _ in fields(TERMS_SCHEMA, TERMS, ()) if path and isinstance(path[-1], str)]


@pytest.mark.parametrize("path", [pytest.param(path, id=dotted(path)) for path in TERMS_FIELDS])
def test_terms_that_lost_a_field_are_unreadable(path: tuple[str, ...]) -> None:
    terms = specimen(PrepaidInstance)["status"]["terms"]
    holder = terms
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    with pytest.raises(ValidationError):
        Terms.model_validate(terms)


def test_terms_are_written_whole() -> None:
    terms = Terms.model_validate(TERMS)
    assert InstanceStatus(terms=terms).to_manifest() == {"terms": TERMS}


@pytest.mark.parametrize("moment", ["2026-02-30T00:00:00Z", "tomorrow", "2026-11-24", 1])
def test_what_is_no_moment_is_refused(moment: object) -> None:
    with pytest.raises(ValidationError):
        InstanceStatus.model_validate({"expirationTime": moment})
