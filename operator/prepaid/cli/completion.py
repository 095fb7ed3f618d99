"""Names of instances for the shell's completion. What cannot be looked up completes to nothing: a completion never fails."""

import asyncio
from typing import Final

import typer

from prepaid.api.instance import PrepaidInstance
from prepaid.cli.session import Target, session
from prepaid.cluster.errors import ClusterError

PATIENCE_SECONDS: Final = 2.0


def complete_instance(context: typer.Context, incomplete: str) -> list[str]:
    """The instances of the namespace that begin like this."""
    told = context.params
    target = Target(told.get("namespace"), told.get("context"))
    try:
        names = asyncio.run(asyncio.wait_for(instance_names(target), PATIENCE_SECONDS))
    except (ClusterError, TimeoutError, OSError):
        return []
    return [name for name in names if name.startswith(incomplete)]


async def instance_names(target: Target) -> list[str]:
    async with session(target) as here:
        return [one.metadata.name for one in await here.cluster.all(PrepaidInstance, here.namespace)]
