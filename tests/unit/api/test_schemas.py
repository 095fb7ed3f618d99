"""The schemas of crds/: nothing without a bound or a description, no rule without a test, no column that misleads."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from prepaid.api.crd import definition, main, root_schema
from prepaid.api.kinds import KINDS
from prepaid.api.resource import Resource
from prepaid.api.schema import RULES
from schema_rules import RULE_CASES, rules

CRDS = Path(__file__).parents[3] / "crds"
EACH_KIND = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])

Schema = Mapping[str, Any]


def nodes(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Every schema in a schema, with its path; fields end in a name, entries in [*]."""
    yield path, schema
    for name, below in schema.get("properties", {}).items():
        yield from nodes(below, f"{path}.{name}")
    for entry in ("items", "additionalProperties"):
        if entry in schema:
            yield from nodes(schema[entry], f"{path}[*]")


def is_bounded(schema: Schema) -> bool:
    match schema.get("type"):
        case "string":
            return bool({"maxLength", "enum", "format"} & schema.keys())
        case "integer":
            return {"minimum", "maximum", "format"} <= schema.keys()
        case "array":
            return "maxItems" in schema
        case "object":
            return "properties" in schema or "maxProperties" in schema
        case "boolean":
            return True
        case kind:
            return kind is None and schema.get("x-kubernetes-preserve-unknown-fields", False)


@EACH_KIND
def test_every_field_has_a_bound(kind: type[Resource]) -> None:
    assert [path for path, schema in nodes(root_schema(kind), kind.kind) if not is_bounded(schema)] == []


@EACH_KIND
def test_every_map_bounds_its_entries(kind: type[Resource]) -> None:
    maps = [(path, schema) for path, schema in nodes(root_schema(kind), kind.kind) if "additionalProperties" in schema]
    assert [path for path, schema in maps if "maxProperties" not in schema] == []


@EACH_KIND
def test_every_field_is_described_in_a_sentence(kind: type[Resource]) -> None:
    said = {path: schema.get("description", "") for path, schema in nodes(root_schema(kind), kind.kind) if not path.endswith("[*]")}
    assert [path for path, words in said.items() if not (words[:1].isupper() and words.endswith(".") and "\n" not in words)] == []


@EACH_KIND
def test_every_rule_has_a_message_of_one_sentence(kind: type[Resource]) -> None:
    messages = [rule["message"] for _, schema in nodes(root_schema(kind), kind.kind) for rule in schema.get(RULES, ())]
    assert [message for message in messages if not message.endswith(".") or "\n" in message or len(message) > 300] == []


@EACH_KIND
def test_every_rule_has_a_case_that_it_refuses(kind: type[Resource]) -> None:
    untested = [
        (field, message)
        for field, message in rules(kind)
        if not any(
            case.kind is kind and case.field == field and case.words in message and case.accepted and case.refused for case in RULE_CASES
        )
    ]
    assert untested == []


def test_every_case_of_a_rule_has_its_rule() -> None:
    orphans = [
        case for case in RULE_CASES if len([rule for rule in rules(case.kind) if rule[0] == case.field and case.words in rule[1]]) != 1
    ]
    assert orphans == []


@EACH_KIND
def test_no_default_stands_in_a_status_but_a_phase(kind: type[Resource]) -> None:
    status = root_schema(kind)["properties"]["status"]
    defaults = {path: schema["default"] for path, schema in nodes(status, "status") if "default" in schema}
    expected = {"status": {"phase": "Recycled"}, "status.phase": "Recycled"} if kind.status_default else {}
    assert defaults == expected


@EACH_KIND
def test_nothing_that_is_filled_in_is_demanded(kind: type[Resource]) -> None:
    demanded = [
        f"{path}.{name}"
        for path, schema in nodes(root_schema(kind), kind.kind)
        for name in schema.get("required", ())
        if "default" in schema["properties"][name]
    ]
    assert demanded == []


@EACH_KIND
def test_the_last_column_is_the_age_and_no_other_is_a_date(kind: type[Resource]) -> None:
    columns = definition(kind)["spec"]["versions"][0]["additionalPrinterColumns"]
    dates = [column["name"] for column in columns if column["type"] == "date"]
    assert (dates, columns[-1]["name"], columns[-1]["jsonPath"]) == (["Age"], "Age", ".metadata.creationTimestamp")


@EACH_KIND
def test_a_kind_is_found_by_its_short_name_and_the_category(kind: type[Resource]) -> None:
    names = definition(kind)["spec"]["names"]
    assert (names["shortNames"], names["categories"]) == ([kind.short_name], ["prepaid"])


def test_crds_are_in_step_with_the_models() -> None:
    assert main([str(CRDS), "--check"]) == 0


def test_what_is_written_is_in_step(tmp_path: Path) -> None:
    assert (main([str(tmp_path / "crds")]), main([str(tmp_path / "crds"), "--check"])) == (0, 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("prepaidinstances.yaml", "kind: Nothing", id="an edited file"),
        pytest.param("prepaidinstances.yaml", None, id="a missing file"),
        pytest.param("leftovers.yaml", "kind: Nothing", id="a file of no kind"),
    ],
)
def test_what_is_out_of_step_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str | None) -> None:
    main([str(tmp_path)])
    (tmp_path / name).write_text(text) if text else (tmp_path / name).unlink()
    assert main([str(tmp_path), "--check"]) == 1
    assert name in capsys.readouterr().err
