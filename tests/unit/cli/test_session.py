"""A kubeconfig that is none is told in a sentence."""

import pytest
import yaml

from prepaid.cli.session import legible
from prepaid.cluster.errors import Refused


def refuse(cause: Exception) -> None:
    """As the client does: some of what Python says it puts into its own words."""
    try:
        raise cause
    except TypeError as error:
        raise Refused(f"the kubeconfig cannot be used: {error}") from error


@pytest.mark.parametrize(
    "cause",
    [
        pytest.param(yaml.YAMLError("while parsing"), id="no YAML"),
        pytest.param(AttributeError("'int' object has no attribute 'rstrip'"), id="a number for a server"),
        pytest.param(TypeError("'str' object does not support item assignment"), id="mere words"),
    ],
)
def test_what_is_no_kubeconfig_is_one_sentence(cause: Exception) -> None:
    with pytest.raises(Refused, match="the kubeconfig is not written as one: mend it"), legible():
        refuse(cause)


def test_a_sentence_of_the_client_stays() -> None:
    with pytest.raises(Refused, match="no context elsewhere"), legible():
        raise Refused("the kubeconfig has no context elsewhere")
