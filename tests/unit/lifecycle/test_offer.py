"""What a class offers to an instance: its terms and its workload, each with a problem of its own (api.md, "Held")."""

import pytest

from builders import A_WEEK, DEAR, instance, instance_class, terms, workload
from prepaid.api.instance_class import InstanceClass, Parameter
from prepaid.api.terms import DayType, Terms, Unit
from prepaid.lifecycle.offer import fault_of_class, offer_of
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rendering import Rendering

BROKEN_WORKLOAD = workload(template={"apiVersion": "v1"})


def test_a_class_offers_its_terms_as_they_are_now() -> None:
    assert offer_of(instance_class(), instance()).terms == terms()


def test_a_price_is_one_of_the_terms() -> None:
    offered = offer_of(instance_class(price=DEAR), instance()).terms
    assert isinstance(offered, Terms)
    assert (offered.price, offered.currency) == (DEAR.amount, "CNY")


def test_a_class_without_a_workload_has_nothing_to_make() -> None:
    assert offer_of(instance_class(workload=None), instance()).rendering is None


def test_without_its_class_nothing_is_sold_or_made() -> None:
    offer = offer_of(None, instance())
    assert offer.terms == offer.rendering
    assert isinstance(offer.terms, Problem)
    assert (offer.terms.reason, offer.terms.message.startswith("There is no InstanceClass standard;")) == (Reason.CLASS_MISSING, True)


@pytest.mark.parametrize(
    ("sold", "spec", "terms_reason", "rendering_reason"),
    [
        pytest.param(instance_class(), {}, None, None, id="a good class"),
        pytest.param(instance_class(time_zone="Mars/Base"), {}, Reason.CLASS_UNREADABLE, None, id="unreadable terms can be run"),
        pytest.param(
            instance_class(workload=BROKEN_WORKLOAD), {}, None, Reason.CLASS_UNREADABLE, id="an unreadable template can be renewed"
        ),
        pytest.param(instance_class(), {"parameters": {"image": "NO"}}, None, Reason.BAD_PARAMETERS, id="a bad parameter can be renewed"),
        pytest.param(instance_class(), {"parameters": {"imgae": "x"}}, None, Reason.BAD_PARAMETERS, id="an unknown parameter as well"),
    ],
)
def test_a_problem_of_the_one_does_not_touch_the_other(
    sold: InstanceClass, spec: dict[str, object], terms_reason: Reason | None, rendering_reason: Reason | None
) -> None:
    offer = offer_of(sold, instance(spec=spec))
    assert [reason_of(offer.terms), reason_of(offer.rendering)] == [terms_reason, rendering_reason]


def reason_of(offered: Terms | Rendering | Problem | None) -> Reason | None:
    return offered.reason if isinstance(offered, Problem) else None


@pytest.mark.parametrize(
    ("sold", "sentence"),
    [
        pytest.param(instance_class(), None, id="a good class"),
        pytest.param(instance_class(workload=None), None, id="one without a workload"),
        pytest.param(instance_class(time_zone="Mars/Base"), 'there is no time zone "Mars/Base"', id="a time zone that does not exist"),
        pytest.param(
            instance_class(retention=A_WEEK.model_copy(update={"day_type": DayType.WORKING, "unit": Unit.HOUR})),
            "Working days",
            id="working hours",
        ),
        pytest.param(instance_class(retention=A_WEEK.model_copy(update={"holidays": "XX"})), '"XX"', id="holidays of no country"),
        pytest.param(instance_class(workload=BROKEN_WORKLOAD), "template.kind", id="a template of no kind"),
        pytest.param(instance_class(parameters=()), "$(params.image)", id="a parameter that is not declared"),
        pytest.param(instance_class(parameters=(Parameter(name="image"),)), None, id="a parameter that its owner must give"),
        pytest.param(instance_class(parameters=(Parameter(name="image", pattern="("),)), "RE2", id="a pattern that is none"),
    ],
)
def test_a_class_is_at_fault_whatever_the_parameters(sold: InstanceClass, sentence: str | None) -> None:
    fault = fault_of_class(sold)
    assert (fault is None) if sentence is None else (fault is not None and sentence in fault.message)
