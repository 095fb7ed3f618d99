"""One list of columns prints as a table, as JSON and as YAML."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import pytest
import yaml

from builders import DEAR, START, account, instance_class, order, recycled, resource, running, with_tariff
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.order import OrderPhase, RenewalOrder, RenewalOrderStatus
from prepaid.cli import bin, history, listing, resources, shares
from prepaid.cli.options import Output
from prepaid.cli.printing import Column, show
from prepaid.lifecycle.idling import idle_from
from prepaid.lifecycle.idling import with_status as resource_status
from prepaid.lifecycle.quoting import quote
from prepaid.lifecycle.showing_resources import resource_lines

T = TypeVar("T")

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


SOLD = instance_class(price=DEAR)
PAID = RenewalOrderStatus(phase=OrderPhase.SETTLED, amount=Decimal("120.00"), currency="CNY")
PRICE = {"amount": "120.00", "currency": "CNY"}


def told(rows: Sequence[T], columns: Sequence[Column[T]], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    show(rows, columns, Output.JSON, "")
    (item,) = json.loads(capsys.readouterr().out)["items"]
    return dict(item)


def test_a_quote_is_told_in_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    said = told([quote(running(sold=SOLD, account=account("300.00")), 2)], shares.COLUMNS, capsys)
    expected = {"periods": 2, "amount": "240.00", "currency": "CNY", "balanceAfter": "60.00"}
    assert {key: said[key] for key in expected} == expected


@pytest.mark.parametrize(("found", "price"), [(order("a", PAID), PRICE), (order("a"), {"amount": None, "currency": None})])
def test_a_purchase_is_told_in_numbers(found: RenewalOrder, price: dict[str, str | None], capsys: pytest.CaptureFixture[str]) -> None:
    said = told([found], history.columns(False), capsys)
    assert {key: said[key] for key in ("periods", "amount", "currency")} == {"periods": 1, **price}


def test_what_recovering_costs_is_told_in_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    facts = recycled(sold=SOLD, account=account("300.00"))
    said = told([bin.Lying(facts, quote(facts, None))], bin.columns(False), capsys)
    expected = {"recoverFor": "120.00", "currency": "CNY", "periods": 1, "remark": ""}
    assert {key: said[key] for key in expected} == expected


def test_whether_it_renews_itself_is_told_as_true_or_false(capsys: pytest.CaptureFixture[str]) -> None:
    assert told([running(spec={"auto_renew": True})], listing.columns(False), capsys)["auto"] is True


def test_a_price_is_told_in_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    said = told([running(sold=SOLD)], listing.columns(False), capsys)
    expected = {"price": "120.00", "currency": "CNY", "period": "1 Month"}
    assert {key: said[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("elastic", "expected"),
    [
        pytest.param(
            resource_status(idle_from(resource(), with_tariff(account()), START), idle_charged=Decimal("1.50")),
            {"price": "0.50", "unit": "Hour", "currency": "CNY", "cost": "1.50"},
            id="idle",
        ),
        pytest.param(resource(), {"price": None, "unit": None, "currency": None, "cost": None}, id="without a tariff"),
    ],
)
def test_what_being_idle_costs_is_told_in_numbers(
    elastic: ElasticResource, expected: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(resource_lines([elastic]), resources.columns(False), capsys)
    assert {key: said[key] for key in expected} == expected


@pytest.mark.parametrize(("no_color", "is_bold"), [("1", False), ("", True)])
def test_without_colour_the_titles_are_not_bold(
    no_color: str, is_bold: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"NO_COLOR": no_color, "FORCE_COLOR": "1", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    show(["web-1"], COLUMNS, Output.TABLE, "")
    assert ("\x1b[1m" in capsys.readouterr().out) is is_bold
