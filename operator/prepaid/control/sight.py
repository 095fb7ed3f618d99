"""What one look at an instance rests on, and how long that is good for: a glance that is kept, or made anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from prepaid.cluster.client import Cluster
from prepaid.cluster.glance import Glance
from prepaid.cluster.panorama import Panorama
from prepaid.lifecycle.actions import Action, is_preparation
from prepaid.lifecycle.conditions import status_to_report
from prepaid.lifecycle.decision import Decision, is_consequence
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.purchasing import is_said


@dataclass
class Sight:
    """Begins with what others have seen, if there is a panorama.

    One that `is_from_before` the last commit is good for what follows from that, and for nothing else.
    """

    cluster: Cluster
    panorama: Panorama | None = None
    is_from_before: bool = False
    glance: Glance = field(init=False)

    def __post_init__(self) -> None:
        self.glance = Glance(self.cluster, self.panorama)

    def renew(self) -> None:
        """All is read anew."""
        self.glance, self.is_from_before = Glance(self.cluster), False

    def is_good_for(self, decision: Decision, facts: Facts) -> bool:
        """Whether this may be done on it. On a sight from before nothing is bought, and nothing said but that a purchase is over."""
        if not self.is_from_before:
            return True
        return is_consequence(decision) and (bool(decision.actions) or is_said(status_to_report(decision, facts), facts))

    def act(self, actions: Sequence[Action]) -> None:
        """What only prepares for more, or follows from a commit, is no reason to look at everything anew."""
        if not self.is_from_before and not all(map(is_preparation, actions)):
            self.renew()

    def commit(self) -> None:
        """The instance is another one now; what was written is remembered, the rest is from before."""
        self.is_from_before = True
