"""Names for the shell's completion. What cannot be looked up completes to nothing: a completion never fails."""

import asyncio
from typing import Final

import typer

from prepaid.api.account import PrepaidAccount
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.resource import Resource
from prepaid.cli.session import Target, legible, session
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.home import contexts

PATIENCE_SECONDS: Final = 2.0


def complete_instance(context: typer.Context, incomplete: str) -> list[str]:
    """The instances of the namespace that begin like this."""
    return names_like(PrepaidInstance, context, incomplete)


def complete_resource(context: typer.Context, incomplete: str) -> list[str]:
    """The elastic resources of the namespace that begin like this."""
    return names_like(ElasticResource, context, incomplete)


def complete_account(context: typer.Context, incomplete: str) -> list[str]:
    """The accounts of the namespace that begin like this."""
    return names_like(PrepaidAccount, context, incomplete)


def complete_context(incomplete: str) -> list[str]:
    """The contexts of the kubeconfig that begin like this."""
    try:
        with legible():
            names, _ = contexts()
        return sorted(name for name in names if name.startswith(incomplete))
    except (ClusterError, OSError):
        return []


def names_like(kind: type[Resource], context: typer.Context, incomplete: str) -> list[str]:
    told = context.params
    target = Target(told.get("namespace"), told.get("context"))
    try:
        names = asyncio.run(asyncio.wait_for(names_of(kind, target), PATIENCE_SECONDS))
    except (ClusterError, TimeoutError, OSError):
        return []
    return [name for name in names if name.startswith(incomplete)]


async def names_of(kind: type[Resource], target: Target) -> list[str]:
    async with session(target) as here:
        return [one.metadata.name for one in await here.cluster.all(kind, here.namespace)]
