"""The composition root of the operator: reads the settings, wires the floors, runs kopf until it is told to stop."""

import asyncio
import gc
import logging
import os
import signal
import sys
from dataclasses import dataclass

import kopf
import uvloop

from prepaid.cluster.client import Cluster
from prepaid.cluster.clock import Clock
from prepaid.cluster.connection import Connection, wait_for_server
from prepaid.cluster.errors import ClusterError
from prepaid.cluster.fence import Fence
from prepaid.cluster.lease_store import LeaseStore, new_identity
from prepaid.cluster.pacing import Paced
from prepaid.control.elector import Elector
from prepaid.control.handlers import register
from prepaid.control.health import Health
from prepaid.control.house import House, Settings
from prepaid.control.kopf_settings import apply_settings
from prepaid.lifecycle.election import Timing

SERVER_SECONDS = 30.0
GARBAGE = 50_000

log = logging.getLogger("prepaid")


@dataclass(frozen=True)
class Options:
    """What `prepaid operator run` takes. A health port of 0 serves none; without a lease (NAMESPACE/NAME) it works and asks nobody."""

    kubeconfig: str | None = None
    context: str | None = None
    health_port: int = 8080
    sweep_seconds: float = 30.0
    lease: str = ""
    lease_seconds: int = 15


def run(options: Options) -> int:
    """Runs the operator until SIGTERM or SIGINT; the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    spare_the_collector()
    try:
        uvloop.run(operate(options))
    except (ClusterError, OSError) as error:
        log.error("the operator cannot run: %s", error)
        return 1
    except asyncio.CancelledError:
        log.info("the operator was told to end before it had begun")
    return 0


def spare_the_collector() -> None:
    """What was imported lives as long as the process, and most of the rest ends by itself: cycles are looked for far less often."""
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


async def operate(options: Options) -> None:
    """One life of the operator. Raises ClusterError when the cluster cannot be reached at the start."""
    end_when_told()
    clock = Clock()
    connection = Connection(options.kubeconfig, options.context, clock)
    health = Health(options.health_port)
    try:
        await connection.connect()
        await wait_for_server(connection, SERVER_SECONDS)
        await health.start()
        if options.lease:
            await work_while_leading(options, connection, clock, health)
        else:
            await work(options, connection, Cluster(Paced(connection), clock), health)
    finally:
        await health.stop()
        await connection.close()


def end_when_told() -> None:
    """SIGTERM and SIGINT cancel the task that asks, until kopf heeds them: the first process of a container has no other way to hear."""
    task = asyncio.current_task()
    assert task
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)


async def work_while_leading(options: Options, connection: Connection, clock: Clock, health: Health) -> None:
    """Stands by until it leads. It is ready meanwhile: it is there to take over, and a rolling update waits for no more."""
    namespace, _, name = options.lease.partition("/")
    store = LeaseStore(connection, clock, namespace, name)
    elector = Elector(store, new_identity(), Timing(options.lease_seconds), clock.read_monotonic)
    async with elector.leading(health.ready.set, end_at_once):
        await work(options, connection, Cluster(Paced(Fence(connection, elector.may_lead)), clock), health)


def end_at_once() -> None:
    """Whoever leads no more finishes nothing: another may be at it by now."""
    log.critical("the lease is lost: the operator ends at once, and another takes over")
    os._exit(1)


async def work(options: Options, connection: Connection, cluster: Cluster, health: Health) -> None:
    """The operator's work, until it is told to stop; what is in flight is finished."""
    house = House(cluster, Settings(options.sweep_seconds))
    house.start()
    try:
        await run_kopf(connection, house, health, options.sweep_seconds)
    finally:
        await house.stop()


async def run_kopf(connection: Connection, house: House, health: Health, sweep_seconds: float) -> None:
    """kopf with our handlers, on our connections."""
    registry, settings = kopf.OperatorRegistry(), kopf.OperatorSettings()
    apply_settings(settings)
    register(registry, house, sweep_seconds)

    @kopf.on.cleanup(registry=registry)
    async def drain(**_: object) -> None:
        await house.stop()

    @kopf.on.login(registry=registry)
    async def login(**_: object) -> kopf.AiohttpSession:
        return kopf.AiohttpSession(aiohttp_session=connection.another_session(), server=connection.server)

    await kopf.operator(registry=registry, settings=settings, clusterwide=True, standalone=True, ready_flag=health.ready)
