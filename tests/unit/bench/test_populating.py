"""A clone has its pattern's status, at another time."""

from whenever import Instant

from bench.populate import cleared_of_intent, expiring_at

STATUS = {
    "startTime": "2026-03-01T00:00:00Z",
    "anchorTime": "2026-03-01T00:00:00Z",
    "expirationTime": "2026-03-01T02:00:00Z",
    "conditions": [{"type": "Paid", "message": "Paid until 2026-03-01T02:00:00Z.", "lastTransitionTime": "2026-03-01T00:00:00Z"}],
}


def test_the_whole_term_is_moved_in_moments_and_in_sentences() -> None:
    assert expiring_at(STATUS, Instant.from_utc(2026, 5, 5, 12)) == {
        "startTime": "2026-05-05T10:00:00Z",
        "anchorTime": "2026-05-05T10:00:00Z",
        "expirationTime": "2026-05-05T12:00:00Z",
        "conditions": [{"type": "Paid", "message": "Paid until 2026-05-05T12:00:00Z.", "lastTransitionTime": "2026-05-05T10:00:00Z"}],
    }


def test_what_is_left_of_a_purchase_is_cleared_with_its_number() -> None:
    assert cleared_of_intent({"sequence": 3, "intent": {"state": "Granted"}}) == {"sequence": 4}


def test_without_a_purchase_in_flight_nothing_is_cleared() -> None:
    assert cleared_of_intent(STATUS) == STATUS
