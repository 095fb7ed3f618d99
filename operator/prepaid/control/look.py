"""One look at one instance: the moment, and everything that a decision rests on."""

from prepaid.api.instance import PrepaidInstance
from prepaid.cluster.client import Cluster
from prepaid.control.observe import observe
from prepaid.lifecycle.facts import Facts


async def look(instance: PrepaidInstance, cluster: Cluster) -> Facts:
    """The moment is taken after the instance was read, so that the server's clock has been heard, and before the rest.

    Nothing that is seen is older than the moment that is decided by.
    """
    now, clocks_agree = cluster.now(), cluster.clock.agree()
    return Facts(instance, await observe(instance, cluster), now, clocks_agree)
