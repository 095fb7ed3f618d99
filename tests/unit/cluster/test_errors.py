"""What the server says, in our four words."""

import pytest

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
