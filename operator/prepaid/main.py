"""The composition root of the operator: reads the settings, wires the floors, runs kopf until it is told to stop."""

import logging
import sys
from dataclasses import dataclass

import kopf
import uvloop

from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection, wait_for_server
from prepaid.cluster.errors import ClusterError
from prepaid.control.handlers import register
from prepaid.control.health import Health
from prepaid.control.house import House, Settings
from prepaid.control.kopf_settings import apply_settings

SERVER_SECONDS = 30.0

log = logging.getLogger("prepaid")


@dataclass(frozen=True)
class Options:
    """What `prepaid operator run` takes. A health port of 0 serves none."""

    kubeconfig: str | None = None
    context: str | None = None
    health_port: int = 8080
    sweep_seconds: float = 30.0


def run(options: Options) -> int:
    """Runs the operator until SIGTERM or SIGINT; the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        uvloop.run(operate(options))
    except (ClusterError, OSError) as error:
        log.error("the operator cannot run: %s", error)
        return 1
    return 0


async def operate(options: Options) -> None:
    """One life of the operator. Raises ClusterError when the cluster cannot be reached at the start."""
    clock = Clock()
    connection = Connection(options.kubeconfig, options.context, clock)
    health = Health(options.health_port)
    try:
        await connection.connect()
        await wait_for_server(connection, SERVER_SECONDS)
        await health.start()
        house = House(Cluster(connection, clock), Settings(options.sweep_seconds))
        house.start()
        await run_kopf(connection, house, health, options.sweep_seconds)
        await house.stop()
    finally:
        await health.stop()
        await connection.close()


async def run_kopf(connection: Connection, house: House, health: Health, sweep_seconds: float) -> None:
    """kopf with our handlers, on our session."""
    registry, settings = kopf.OperatorRegistry(), kopf.OperatorSettings()
    apply_settings(settings)
    register(registry, house, sweep_seconds)

    @kopf.on.cleanup(registry=registry)
    async def drain(**_: object) -> None:
        await house.stop()

    @kopf.on.login(registry=registry)
    async def login(**_: object) -> kopf.AiohttpSession:
        return kopf.AiohttpSession(aiohttp_session=connection.session(), server=connection.server)

    await kopf.operator(registry=registry, settings=settings, clusterwide=True, standalone=True, ready_flag=health.ready)
