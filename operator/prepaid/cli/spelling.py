"""Commands take records; on the command line every field of a record is an option of its own. Knows no single option."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints

Command = Callable[..., None]


def spelled_out(command: Command) -> Command:
    """The command as typer reads it: with the fields of its records in place of the records, in their order."""
    hints = get_type_hints(command, include_extras=True)
    records: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @wraps(command)
    def spelled(**words: Any) -> None:  # noqa: ANN401
        made = {name: record(**{field.name: words.pop(field.name) for field in fields(record)}) for name, record in records.items()}
        command(**words, **made)

    parameters = [each for name in inspect.signature(command).parameters for each in spelling(name, hints, command)]
    spelled.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    spelled.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return spelled


def spelling(name: str, hints: dict[str, Any], command: Command) -> Iterator[inspect.Parameter]:
    """A parameter of the command, or the fields of the record that it is."""
    if not is_dataclass(hints[name]):
        default = inspect.signature(command).parameters[name].default
        yield parameter(name, hints[name], default)
        return
    inner = get_type_hints(hints[name], include_extras=True)
    for field in fields(hints[name]):
        yield parameter(field.name, inner[field.name], inspect.Parameter.empty if field.default is MISSING else field.default)


def parameter(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
