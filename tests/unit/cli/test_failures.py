"""Errors are one sentence that says what to do; a name with a typo gets the nearest."""

import pytest

from builders import instance
from prepaid.cli.choosing import in_order, not_there
from prepaid.cli.failures import Failure, advice
from prepaid.cluster.errors import ClusterError, Conflict, Gone, Refused, Unavailable


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(Unavailable("the API server does not answer"), "run the same command again", id="not reachable"),
        pytest.param(Unavailable("no", "Unauthorized"), "renew those of your kubeconfig", id="not logged in"),
        pytest.param(Refused('User "a" cannot list', "Forbidden"), "ask an administrator", id="not allowed"),
        pytest.param(Gone("404 page not found"), "kubectl apply -f crds", id="not installed"),
        pytest.param(Conflict("somebody was faster"), "Somebody was faster.", id="anything else"),
    ],
)
def test_every_error_says_what_to_do(error: ClusterError, words: str) -> None:
    assert words in advice(error)
    assert "\n" not in advice(error)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("wbe-1", "did you mean web-1?", id="two letters the wrong way round"),
        pytest.param("web1", "did you mean web-1?", id="a letter left out"),
        pytest.param("quite-another", "`kubectl prepaid list` shows what there is.", id="nothing near"),
    ],
)
def test_a_name_with_a_typo(name: str, hint: str) -> None:
    assert not_there("PrepaidInstance", name, ["web-1", "db-1"], "here").endswith(hint)


def test_one_wrong_name_stops_all() -> None:
    with pytest.raises(Failure, match="did you mean web-1"):
        in_order(["web-1", "web-2"], [instance()], "here")


def test_a_name_that_is_said_twice_counts_once() -> None:
    assert in_order(["web-1", "web-1"], [instance()], "here") == [instance()]
