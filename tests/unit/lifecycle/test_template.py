"""Filling a template and patching it: text leaves only, one pass, and RFC 7396 to the letter."""

import copy

import pytest

from prepaid.lifecycle.template import BadTemplate, merge_patch, substitute

VALUES = {"name": "web-1", "namespace": "team-a", "uid": "u-1", "params.image": "nginx", "params.trick": "$(uid)"}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        pytest.param("$(name)", "web-1", id="a whole text"),
        pytest.param("data-$(name)-0", "data-web-1-0", id="within a text"),
        pytest.param("$(name)$(namespace)/$(uid)", "web-1team-a/u-1", id="several in one text"),
        pytest.param("$(params.image)", "nginx", id="a parameter"),
        pytest.param("$(params.trick)", "$(uid)", id="what was put in is not read again"),
        pytest.param("$$(name)", "$web-1", id="there is no escape"),
        pytest.param("$name ${name} $ (name) $", "$name ${name} $ (name) $", id="other dollars are left alone"),
        pytest.param("", "", id="an empty text"),
        pytest.param({"a": {"b": ["x", {"c": "$(name)"}]}}, {"a": {"b": ["x", {"c": "web-1"}]}}, id="at any depth"),
        pytest.param({"$(name)": "x"}, {"$(name)": "x"}, id="keys are never filled"),
        pytest.param([1, 1.5, True, None], [1, 1.5, True, None], id="what is no text stays"),
        pytest.param({"replicas": "$(name)"}, {"replicas": "web-1"}, id="a value is text, never structure"),
    ],
)
def test_references_in_texts_are_filled_once(template: object, filled: object) -> None:
    assert substitute(template, VALUES) == filled


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        pytest.param("$(nmae)", "$(nmae) stands for nothing; use $(name), $(namespace)", id="unknown"),
        pytest.param("$(params.size)", "$(params.size) stands for nothing", id="an undeclared parameter"),
        pytest.param("$()", "$() stands for nothing", id="empty"),
        pytest.param("$( name )", "$( name ) stands for nothing", id="with spaces"),
        pytest.param("$(name", "`$(name` has no closing parenthesis", id="without an end"),
        pytest.param("$(name) $(", "`$(` has no closing parenthesis", id="the second one without an end"),
        pytest.param("$($(name))", "$($(name) stands for nothing", id="one inside another"),
        pytest.param({"spec": {"args": ["a", "$(x)"]}}, "$(x) at spec.args[1] stands", id="the place is named"),
    ],
)
def test_a_reference_that_cannot_be_filled_is_named(template: object, sentence: str) -> None:
    with pytest.raises(BadTemplate) as error:
        substitute(template, VALUES)
    assert sentence in str(error.value)


def nested(levels: int) -> object:
    node: object = "$(name)"
    for _ in range(levels):
        node = [node]
    return node


def test_a_template_of_64_levels_is_filled() -> None:
    assert "web-1" in str(substitute(nested(64), VALUES))


@pytest.mark.parametrize("levels", [65, 5000])
def test_a_template_nested_deeper_is_refused_before_it_does_harm(levels: int) -> None:
    with pytest.raises(BadTemplate, match="nested deeper than 64 levels"):
        substitute(nested(levels), VALUES)


RFC_7396_APPENDIX_A = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), RFC_7396_APPENDIX_A, ids=[f"example {n + 1}" for n in range(15)])
def test_a_merge_patch_does_what_the_rfc_says(target: object, patch: object, result: object) -> None:
    assert merge_patch(target, patch) == result


def test_a_merge_patch_leaves_its_arguments_as_they_were() -> None:
    arguments = {"a": {"b": 1, "c": [2]}, "d": 3}, {"a": {"b": None, "e": {"f": None}}, "d": 4}
    before = copy.deepcopy(arguments)
    merge_patch(*arguments)
    assert arguments == before
