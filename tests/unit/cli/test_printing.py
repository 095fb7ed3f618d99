"""One list of columns prints as a table, as JSON and as YAML."""

import json

import pytest
import yaml

from prepaid.cli.options import Output
from prepaid.cli.printing import Column, show

COLUMNS = [Column[str]("name", lambda row: row), Column[str]("new end", lambda _: "", is_wide=True)]


@pytest.mark.parametrize(
    ("output", "text"),
    [
        pytest.param(Output.TABLE, "NAME\nweb-1\nb\n", id="a table"),
        pytest.param(Output.WIDE, "NAME    NEW END\nweb-1   -\nb       -\n", id="a wide table"),
    ],
)
def test_a_table_is_aligned_and_never_wrapped(output: Output, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(["web-1", "b"], COLUMNS, output, "")
    assert capsys.readouterr().out == text


@pytest.mark.parametrize(("output", "parse"), [(Output.JSON, json.loads), (Output.YAML, yaml.safe_load)])
def test_what_is_structured_has_every_column(output: Output, parse: object, capsys: pytest.CaptureFixture[str]) -> None:
    show(["web-1"], COLUMNS, output, "")
    assert parse(capsys.readouterr().out) == {"items": [{"name": "web-1", "newEnd": ""}]}  # type: ignore[operator]


def test_an_empty_table_says_so_beside_the_results(capsys: pytest.CaptureFixture[str]) -> None:
    show([], COLUMNS, Output.TABLE, "Nothing here.")
    assert capsys.readouterr() == ("", "Nothing here.\n")
