"""The values of a template: given or by default, checked against what the class declares."""

from collections.abc import Mapping

import pytest

from prepaid.api.instance_class import Parameter
from prepaid.lifecycle.parameters import BadParameters, parameter_values

IMAGE = Parameter(name="image", default="nginx", pattern="[a-z0-9.:/-]+", max_length=10)
SIZE = Parameter(name="size")
NOTE = Parameter(name="note", default="")
DECLARED = (IMAGE, NOTE)


@pytest.mark.parametrize(
    ("declared", "given", "values"),
    [
        pytest.param((), {}, {}, id="none declared, none given"),
        pytest.param(DECLARED, {}, {"image": "nginx", "note": ""}, id="what is not given has its default"),
        pytest.param(DECLARED, {"image": "redis:7"}, {"image": "redis:7", "note": ""}, id="what is given counts"),
        pytest.param(DECLARED, {"image": "a" * 10}, {"image": "a" * 10, "note": ""}, id="as long as allowed"),
        pytest.param((SIZE,), {"size": ""}, {"size": ""}, id="an empty value is a value"),
        pytest.param((SIZE,), {"size": "{replicas: 9}\n- x"}, {"size": "{replicas: 9}\n- x"}, id="a value is text, whatever it looks like"),
        pytest.param((SIZE,), {"size": "$HOME $ ( $[x]"}, {"size": "$HOME $ ( $[x]"}, id="a dollar alone is allowed"),
        pytest.param((SIZE,), {"size": "é" * 200}, {"size": "é" * 200}, id="length is counted in characters"),
    ],
)
def test_every_declared_parameter_has_a_value(declared: tuple[Parameter, ...], given: Mapping[str, str], values: Mapping[str, str]) -> None:
    assert parameter_values(declared, given) == values


@pytest.mark.parametrize(
    ("declared", "given", "sentence"),
    [
        pytest.param(DECLARED, {"imgae": "x"}, 'has "imgae", which the class does not know: did you mean "image"?', id="an unknown name"),
        pytest.param(DECLARED, {"zzz": "x"}, "The class has image, note.", id="an unknown name that is like no other"),
        pytest.param((), {"image": "x"}, "the class has none; remove it.", id="a class without parameters"),
        pytest.param(DECLARED, {"image": "a" * 11}, "spec.parameters.image has 11 characters; give it at most 10.", id="too long by one"),
        pytest.param(
            DECLARED, {"image": "Nginx"}, "spec.parameters.image does not match the pattern", id="a first letter that does not match"
        ),
        pytest.param(DECLARED, {"image": "nginx "}, "spec.parameters.image does not match", id="a last letter that does not match"),
        pytest.param(DECLARED, {"image": "nginx\n"}, "spec.parameters.image does not match", id="a line's end that does not match"),
        pytest.param(DECLARED, {"image": ""}, "spec.parameters.image does not match", id="nothing where something must match"),
        pytest.param(DECLARED, {"note": "a $(uid)"}, "spec.parameters.note contains `$(`", id="a reference in a value"),
        pytest.param(DECLARED, {"note": "$("}, "spec.parameters.note contains `$(`", id="the start of a reference"),
        pytest.param((SIZE,), {}, "spec.parameters.size is missing", id="no value and no default"),
        pytest.param(
            (Parameter(name="n", default="", pattern="[0-9]+"),), {}, "spec.parameters.n is missing", id="a default that is not good"
        ),
    ],
)
def test_a_bad_parameter_is_named(declared: tuple[Parameter, ...], given: Mapping[str, str], sentence: str) -> None:
    with pytest.raises(BadParameters) as error:
        parameter_values(declared, given)
    assert sentence in str(error.value)


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?=x)", r"(a)\1", "((((a{1000}){1000}){1000}){1000})"])
def test_a_pattern_that_is_none_is_the_fault_of_the_class(pattern: str) -> None:
    with pytest.raises(
        BadParameters, match='the class\'s pattern for its parameter "size" cannot be read by RE2; its author must change it'
    ):
        parameter_values([Parameter(name="size", pattern=pattern)], {"size": "a"})


def test_a_pattern_that_would_backtrack_forever_answers_at_once() -> None:
    with pytest.raises(BadParameters, match="does not match"):
        parameter_values([Parameter(name="size", pattern="(a*)*b", max_length=4096)], {"size": "a" * 4096})
