"""From pydantic's JSON schema to a structural one."""

from pydantic import Field

from prepaid.api.resource import Model
from prepaid.api.schema import RULES, checked, server_default, together
from prepaid.api.structural import structural


class Inner(Model):
    """An inner thing."""

    count: int = Field(description="How many.", json_schema_extra=server_default(1))


class Outer(Model):
    """An outer thing."""

    inner: Inner = Field(description="The inner thing of this.", json_schema_extra=checked("self.b", "B."))
    perhaps: Inner | None = Field(default=None, description="Perhaps another.")
    plain: str = Field(default="x", description="A text.")
    empty: str = Field(default="", description="An empty text.")


SCHEMA = Outer.model_json_schema(by_alias=True)
INNER = {"type": "integer", "format": "int64", "description": "How many."}


def test_references_are_inlined_and_null_is_gone() -> None:
    perhaps = structural(SCHEMA, SCHEMA["$defs"], fills=False)["properties"]["perhaps"]
    assert perhaps == {"type": "object", "description": "Perhaps another.", "properties": {"count": INNER}, "required": ["count"]}


def test_what_the_server_fills_in_is_not_demanded() -> None:
    inner = structural(SCHEMA, SCHEMA["$defs"], fills=True)["properties"]["inner"]
    assert (inner["properties"], inner.get("required")) == ({"count": INNER | {"default": 1}}, None)


def test_the_rules_of_a_type_and_of_its_field_both_hold() -> None:
    node = {"$ref": "#/$defs/T", **checked("self.b", "B.")}
    assert structural(node, {"T": {"type": "object", **checked("self.a", "A.")}}, fills=True)[RULES] == [
        {"rule": "self.a", "message": "A."},
        {"rule": "self.b", "message": "B."},
    ]


def test_rules_are_joined() -> None:
    assert together(checked("a", "A."), checked("b", "B.")) == {RULES: [{"rule": "a", "message": "A."}, {"rule": "b", "message": "B."}]}


def test_only_a_default_that_says_something_is_written() -> None:
    whole = structural(SCHEMA, SCHEMA["$defs"], fills=True)["properties"]
    assert {name: field["default"] for name, field in whole.items() if "default" in field} == {"plain": "x"}


def test_a_field_says_more_than_its_type() -> None:
    assert structural(SCHEMA, SCHEMA["$defs"], fills=True)["properties"]["inner"]["description"] == "The inner thing of this."
