"""One look at one instance: the moment, and everything that a decision rests on."""

from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster
from prepaid.cluster.errors import Refused
from prepaid.control.observe import observe
from prepaid.lifecycle.facts import Facts, nothing_seen
from prepaid.lifecycle.reasons import Problem, Reason

AGGREGATED = 'prepaid.dev/aggregate-to-operator: "true"'


async def look(instance: PrepaidInstance, cluster: Cluster) -> Facts:
    """The moment is taken after the instance was read, so that the server's clock has been heard, and before the rest.

    Nothing that is seen is older than the moment that is decided by.
    """
    now, clocks_agree = cluster.now(), cluster.clock.agree()
    try:
        seen = await observe(instance, cluster)
    except Refused as error:
        seen = nothing_seen(not_allowed_to_see(error))
    return Facts(instance, seen, now, clocks_agree)


def not_allowed_to_see(error: Refused) -> Problem:
    """The server's own words name the verb and the kind."""
    if error.reason == "NoSuchKind":
        return Problem(Reason.UNKNOWN_KIND, f"Its data cannot be seen: {error}, or change the class.")
    sentence = f"{error}; give the operator a ClusterRole with that right and the label {AGGREGATED}, or change the class."
    return Problem(Reason.REFUSED_BY_SERVER, f"What belongs to it cannot be seen: {sentence}")
