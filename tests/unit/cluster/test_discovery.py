"""The paths that we ask: a name is one step of them and leads nowhere else."""

import pytest

from prepaid.api.account import PrepaidAccount
from prepaid.cluster.client import endpoint_of
from prepaid.cluster.errors import Gone


@pytest.mark.parametrize("name", ["..", ".", "team-b/default", "../../team-b/prepaidaccounts/default", "%2e%2e"])
def test_a_name_that_leads_elsewhere_is_nobodys(name: str) -> None:
    with pytest.raises(Gone):
        endpoint_of(PrepaidAccount).path("team-a", name)


@pytest.mark.parametrize(("name", "step"), [("a?watch=1", "a%3Fwatch%3D1"), ("a#b", "a%23b"), ("a..b", "a..b"), ("x:y", "x%3Ay")])
def test_a_name_is_quoted(name: str, step: str) -> None:
    assert endpoint_of(PrepaidAccount).path("team-a", name).endswith(f"/prepaidaccounts/{step}")
