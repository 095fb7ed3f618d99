"""The values that a class's template is filled with: what its owner chose, or the default. Values, never structure.

Knows what makes a value good; refuses to know templates.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Protocol

import re2

from prepaid.api.instance_class import Parameter


class Pattern(Protocol):
    """A compiled regular expression."""

    def fullmatch(self, text: str) -> object | None: ...


class BadParameters(Exception):
    """Parameters that cannot be used; its text is one sentence that names the parameter and says what to do."""


def parameter_values(declared: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, str]:
    """A value for every declared parameter: the given one or its default. Raises BadParameters at the first one that is not good."""
    for name in given:
        check_is_declared(name, [parameter.name for parameter in declared])
    return {parameter.name: value_of(parameter, given) for parameter in declared}


def check_is_declared(name: str, known: Sequence[str]) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1, cutoff=0.0)
    advice = f'did you mean "{near[0]}"? The class has {", ".join(known)}.' if near else "the class has none; remove it."
    raise BadParameters(f'spec.parameters has "{name}", which the class does not know: {advice}')


def value_of(parameter: Parameter, given: Mapping[str, str]) -> str:
    """The given value or the default. A default that is not good itself counts as none: then the owner must choose."""
    if parameter.name in given:
        fault = fault_of(given[parameter.name], parameter)
        if fault:
            raise BadParameters(f"spec.parameters.{parameter.name} {fault}.")
        return given[parameter.name]
    if parameter.default is None or fault_of(parameter.default, parameter):
        raise BadParameters(f"spec.parameters.{parameter.name} is missing and the class has no default for it; set it.")
    return parameter.default


def fault_of(value: str, parameter: Parameter) -> str:
    """What is wrong with a value, as the end of a sentence; empty for a good one."""
    if len(value) > parameter.max_length:
        return f"has {len(value)} characters; give it at most {parameter.max_length}"
    if "$(" in value:
        return "contains `$(`, which is kept for templates; leave it out"
    if parameter.pattern and not compiled(parameter.name, parameter.pattern).fullmatch(value):
        return f"does not match the pattern {parameter.pattern} of the class; change it"
    return ""


def check_patterns(declared: Sequence[Parameter]) -> None:
    """Raises BadParameters for the first pattern that RE2 cannot read: no value could ever match it."""
    for parameter in declared:
        if parameter.pattern:
            compiled(parameter.name, parameter.pattern)


@lru_cache(maxsize=256)
def compiled(name: str, pattern: str) -> Pattern:
    """The pattern as RE2, which takes linear time for every value. Raises BadParameters where it is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        expression: Pattern = re2.compile(pattern, options)
    except re2.error as error:
        raise BadParameters(
            f'the class\'s pattern for its parameter "{name}" cannot be read by RE2; its author must change it: {error}'
        ) from None
    return expression
