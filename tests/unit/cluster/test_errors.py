"""What the server says, in our four words."""

import aiohttp
import pytest

from prepaid.cluster.connection import unanswered
from prepaid.cluster.errors import ClusterError, Conflict, Gone, Refused, Unavailable, error_for


@pytest.mark.parametrize(
    ("status", "message", "word"),
    [
        pytest.param(404, "not found", Gone, id="what is not there"),
        pytest.param(410, "too old", Gone, id="a version that is not there any more"),
        pytest.param(409, "the object has been modified", Conflict, id="somebody was faster"),
        pytest.param(422, "is invalid", Refused, id="what is invalid"),
        pytest.param(403, "is forbidden", Refused, id="what is not allowed"),
        pytest.param(500, "etcdserver: leader changed", Unavailable, id="a server in trouble"),
        pytest.param(
            500, "failed to create typed patch object (a/b): .spec.x: field not declared", Refused, id="an apply that fits no schema"
        ),
        pytest.param(429, "too many requests", Unavailable, id="a server that is busy"),
        pytest.param(401, "Unauthorized", Unavailable, id="a token that has just been rotated"),
    ],
)
def test_an_answer_is_one_of_four_words(status: int, message: str, word: type[ClusterError]) -> None:
    assert type(error_for(status, "", message)) is word


@pytest.mark.parametrize(
    ("error", "is_overload"),
    [
        pytest.param(error_for(429, "TooManyRequests", "too many requests", 1.0), True, id="too many requests, from the server"),
        pytest.param(error_for(429, "", "slow down"), True, id="too many requests, from a proxy"),
        pytest.param(error_for(503, "", "come back", 0.0), True, id="not available, and asked to come back"),
        pytest.param(error_for(503, "", "no healthy upstream"), False, id="not there"),
        pytest.param(error_for(500, "ServerTimeout", "the storage took too long"), True, id="the storage took too long"),
        pytest.param(error_for(504, "", "gateway timeout"), True, id="a proxy waited for too long"),
        pytest.param(error_for(401, "Unauthorized", "Unauthorized"), False, id="a token that has just been rotated"),
        pytest.param(unanswered("https://a", TimeoutError()), True, id="we waited for too long"),
        pytest.param(unanswered("https://a", aiohttp.ServerTimeoutError()), True, id="we waited for too long for a connection"),
        pytest.param(unanswered("https://a", ConnectionRefusedError()), False, id="a server that is starting"),
    ],
)
def test_a_server_that_has_too_much_to_do_is_known(error: ClusterError, is_overload: bool) -> None:
    assert isinstance(error, Unavailable)
    assert error.is_overload is is_overload
