"""What the bench sells: a term that ends when a case says so, and the days in the bin that every preset has."""

from typing import Any, Final

from cluster.apiserver import Body
from cluster.wares import a_class

TERM_SECONDS: Final = 7200
RETENTION: Final = {"count": 7, "unit": "Day", "rounding": "Exact"}


def on_sale(name: str, **changes: Any) -> Body:  # noqa: ANN401
    """A class of that name; `changes` as a_class takes them."""
    sold = a_class(name, term=TERM_SECONDS, **changes)
    return {**sold, "spec": {**sold["spec"], "retention": RETENTION}}
