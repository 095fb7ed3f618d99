"""Instances are named or selected, never both; a command line that says neither, or cannot be read, is an error of usage."""

from dataclasses import dataclass
from typing import Any

import pytest

from prepaid.cli.choosing import chosen
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure
from prepaid.cli.options import Choice
from prepaid.cli.session import Session
from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import Refused
from prepaid.cluster.transport import Answer, Request


@dataclass
class Strict:
    """A server that reads no selector at all."""

    async def call(self, request: Request) -> Answer:
        raise Refused(f"unable to parse requirement: {request.path}", "BadRequest")

    def stream(self, request: Request) -> Any:  # noqa: ANN401
        raise AssertionError(request)


@pytest.mark.parametrize(
    ("names", "selector", "sentence"),
    [
        pytest.param(["web-1"], "tier=web", "Name instances or select them with -l, not both.", id="both"),
        pytest.param([], "", "Which ones?", id="neither"),
        pytest.param([], "a=b=c", "-l a=b=c cannot be read", id="a selector that is none"),
    ],
)
async def test_an_error_of_usage(names: list[str], selector: str, sentence: str) -> None:
    with pytest.raises(Failure, match=sentence) as raised:
        await chosen(Choice(names, selector), Session(Cluster(Strict(), Clock()), "team-a"))
    assert raised.value.code is ExitCode.USAGE
