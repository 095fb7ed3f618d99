"""What the API server has counted: requests of the operator by verb and resource, and how many met a conflict."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from cluster.apiserver import Api
from cluster.metering import LABEL, SERIES, WRITES, is_ours, name_of
from prepaid.api.resource import GROUP

READS: Final = frozenset({"GET", "LIST"})
CONFLICT: Final = "409"


@dataclass(frozen=True)
class Requests:
    """So far, or between two moments; by "VERB resource/subresource". Conflicts are among the writes. Events are apart."""

    writes: Counter[str]
    reads: Counter[str]
    conflicts: int
    events: int

    def __sub__(self, former: "Requests") -> "Requests":
        return Requests(
            self.writes - former.writes, self.reads - former.reads, self.conflicts - former.conflicts, self.events - former.events
        )

    def without(self, own: Counter[str]) -> "Requests":
        """Less the writes that the bench itself has made."""
        return Requests(self.writes - own, self.reads, self.conflicts, self.events)

    @property
    def conflict_percent(self) -> float:
        return 100 * self.conflicts / max(self.writes.total(), 1)

    def per(self, n: int) -> dict[str, float]:
        """By name, of one instance."""
        return {name: round(count / n, 3) for name, count in (self.writes + self.reads).most_common()}


def requests_so_far(api: Api) -> Requests:
    """Of the operator, as far as verb, group and resource tell (cluster/metering.py); reads are those of our kinds."""
    writes, reads, conflicts, events = Counter[str](), Counter[str](), 0, 0
    for labels, value in SERIES.findall(api.call("GET", "/metrics").decode()):
        told, count = dict(LABEL.findall(labels)), int(float(value))
        if told["resource"] == "events" and told["verb"] == "POST":
            events += count
        elif told["verb"] in WRITES and is_of_the_operator(told):
            writes[name_of(told)] += count
            conflicts += count * (told["code"] == CONFLICT)
        elif told["verb"] in READS and told["group"] == GROUP:
            reads[name_of(told)] += count
    return Requests(writes, reads, conflicts, events)


def is_of_the_operator(told: dict[str, str]) -> bool:
    """Besides what cluster/metering.py knows: labels on pods; what runs them writes their status alone."""
    return is_ours(told) or (told["resource"], told["verb"], told["subresource"]) == ("pods", "PATCH", "")
