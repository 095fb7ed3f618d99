"""What a class offers to one instance: the terms it would sell, and the workload it would make.

Both may have a problem of their own, and a problem of the one does not touch the other (api.md, "Held").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from prepaid.api.instance import InstanceSpec, PrepaidInstance
from prepaid.api.instance_class import InstanceClass, InstanceClassSpec
from prepaid.api.resource import ObjectMeta
from prepaid.api.terms import Terms
from prepaid.lifecycle.parameters import BadParameters, check_patterns, parameter_values
from prepaid.lifecycle.reasons import Problem, Reason
from prepaid.lifecycle.rendering import Rendering, render
from prepaid.lifecycle.template import BadTemplate
from prepaid.lifecycle.terms import UnreadableTerms, check_terms

COPIED: Final = tuple(name for name in Terms.model_fields if name in InstanceClassSpec.model_fields and name != "price")
"""What the terms of a purchase take over from the class as it is."""


@dataclass(frozen=True)
class Offer:
    """Terms to sell, and the workload to make: None for a class without one."""

    terms: Terms | Problem
    rendering: Rendering | Problem | None


def offer_of(instance_class: InstanceClass | None, instance: PrepaidInstance) -> Offer:
    """What the class offers; without a class both are a problem that names it."""
    if instance_class is None:
        name = instance.spec.instance_class
        missing = Problem(
            Reason.CLASS_MISSING, f"There is no InstanceClass {name}; create it, or make the instance anew with another class."
        )
        return Offer(missing, missing)
    return Offer(terms_on_offer(instance_class), rendering_on_offer(instance_class, instance))


def terms_on_offer(instance_class: InstanceClass) -> Terms | Problem:
    """The terms that a purchase made now would copy."""
    spec = instance_class.spec
    terms = Terms.model_validate(
        {
            **{name: getattr(spec, name) for name in COPIED},
            "price": spec.price.amount,
            "currency": spec.price.currency,
        }
    )
    try:
        check_terms(terms)
    except UnreadableTerms as error:
        return Problem(Reason.CLASS_UNREADABLE, f"InstanceClass {instance_class.metadata.name}: {error}")
    return terms


def rendering_on_offer(instance_class: InstanceClass, instance: PrepaidInstance) -> Rendering | Problem | None:
    """The workload that the class makes for this instance's parameters."""
    workload = instance_class.spec.workload
    if workload is None:
        return None
    try:
        parameters = parameter_values(instance_class.spec.parameters, instance.spec.parameters)
        return render(workload, instance, substitutions(instance, parameters))
    except BadParameters as error:
        return Problem(Reason.BAD_PARAMETERS, str(error))
    except BadTemplate as error:
        return Problem(Reason.CLASS_UNREADABLE, f"InstanceClass {instance_class.metadata.name}: {error}")


def substitutions(instance: PrepaidInstance, parameters: Mapping[str, str]) -> dict[str, str]:
    """What `$(…)` stands for in a template."""
    metadata = instance.metadata
    own = {"name": metadata.name, "namespace": metadata.namespace, "uid": metadata.uid}
    return own | {f"params.{name}": value for name, value in parameters.items()}


def fault_of_class(instance_class: InstanceClass) -> Problem | None:
    """What keeps every instance of a class from being sold or made, whatever its parameters."""
    terms = terms_on_offer(instance_class)
    if isinstance(terms, Problem):
        return terms
    workload = instance_class.spec.workload
    sample = sample_of(instance_class)
    values = {parameter.name: parameter.default or "sample" for parameter in instance_class.spec.parameters}
    try:
        check_patterns(instance_class.spec.parameters)
        if workload is not None:
            render(workload, sample, substitutions(sample, values))
    except (BadParameters, BadTemplate) as error:
        return Problem(Reason.CLASS_UNREADABLE, str(error))
    return None


def sample_of(instance_class: InstanceClass) -> PrepaidInstance:
    metadata = ObjectMeta(name="sample", namespace="sample", uid="sample")
    return PrepaidInstance(metadata=metadata, spec=InstanceSpec(instance_class=instance_class.metadata.name))
