"""A record that a command takes is one option for each of its fields, with the field's name and default."""

import inspect
from dataclasses import dataclass

from prepaid.cli.spelling import spelled_out


@dataclass(frozen=True)
class Where:
    """Two options."""

    namespace: str
    context: str | None = None


HEARD: list[tuple[str, Where, int]] = []


def command(name: str, where: Where, count: int = 1) -> None:
    """Says what it heard."""
    HEARD.append((name, where, count))


def test_the_fields_stand_in_place_of_their_record() -> None:
    found = inspect.signature(spelled_out(command)).parameters
    assert list(found) == ["name", "namespace", "context", "count"]
    assert [parameter.default for parameter in found.values()] == [inspect.Parameter.empty, inspect.Parameter.empty, None, 1]
    assert (found["context"].annotation, spelled_out(command).__doc__) == (str | None, "Says what it heard.")


def test_the_command_gets_its_record_back() -> None:
    spelled_out(command)(name="web-1", namespace="team-a", context=None, count=2)
    assert HEARD.pop() == ("web-1", Where("team-a"), 2)
