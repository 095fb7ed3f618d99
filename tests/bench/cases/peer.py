"""The storm of a peer: the same transition, written the way most kopf operators are (bench/peers/)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from time import time
from typing import Final

from bench.counting import requests_so_far
from bench.figures import Figure, over_floor
from bench.floor import recycling_floor
from bench.observing import STOPPED, Observer
from bench.plan import WIDTHS
from bench.populate import Crowd, Wanted, buy, populate
from bench.run import Run
from bench.sale import on_sale
from bench.stage import Stage
from bench.storm import TooLittleTime, ease, patience_for, played
from cluster.apiserver import INSTANCES, Body
from cluster.operators import STOP_SECONDS
from cluster.waiting import NeverCame, wait_for
from cluster.wares import an_instance
from prepaid.local.personas import OPERATOR

FINALIZER: Final = "kopf.zalando.org/KopfFinalizerMarker"
HANDLED: Final = "kopf.zalando.org/last-handled-configuration"
EASE: Final = 2.3
"""It takes so many times as long as we do to know of all."""


def measure(run: Run) -> list[Figure]:
    n = run.plan.peer_n
    with run.stage("peer") as stage:
        return [played(stage, partial(beside_its_floor, n=n))]


def beside_its_floor(stage: Stage, n: int) -> Figure:
    stage.prepare(on_sale(stage.namespace))
    patterns = buy(stage, [an_instance(stage.namespace, "pattern", stage.namespace)])
    crowd = populate(stage, patterns, Wanted(n, EASE * ease(n)))
    seconds, detail = weathered(stage, crowd)
    floor = recycling_floor(stage, crowd.names, WIDTHS[0])
    what, note = "kopf with a timer per object: all Recycled with their items", f"tried once, its floor with {floor.width} in flight"
    return over_floor("peer", what, n, seconds, floor.seconds, None, note=note, detail=detail)


def weathered(stage: Stage, crowd: Crowd) -> tuple[float, dict[str, float]]:
    """Seconds from the expiration on, and the requests of one instance."""
    with Observer(stage.kubeconfig, stage.namespace, STOPPED) as observer, at_work(stage):
        is_in_time = knows_all_before(stage, crowd.first_expiration)
        before, left = requests_so_far(stage.admin), max(crowd.first_expiration - time(), 0)
        done = observer.wait_for(crowd.names, left + patience_for(crowd.names))
        if not is_in_time:
            raise TooLittleTime("the peer had too little time before the storm")
        requests = requests_so_far(stage.admin) - before
    return max(done) - crowd.first_expiration, requests.per(len(crowd.names))


def knows_all_before(stage: Stage, moment: float) -> bool:
    """Whether the peer does, by a moment of the wall clock."""
    with suppress(NeverCame):
        wait_for("the peer knows of all", lambda: all(map(is_known, stage.all(INSTANCES))), max(moment - time(), 1), pause=0.5)
    return time() < moment


def is_known(body: Body) -> bool:
    return FINALIZER in body["metadata"]["finalizers"] and HANDLED in body["metadata"].get("annotations", {})


@contextmanager
def at_work(stage: Stage) -> Iterator[None]:
    """The peer's process, with the operator's rights."""
    environment = {**os.environ, "KUBECONFIG": str(stage.plane.kubeconfig(OPERATOR))}
    log = stage.plane.layout.root / "logs" / "peer.log"
    with log.open("ab") as told:
        process = subprocess.Popen([sys.executable, "-m", "bench.peers.timer"], env=environment, stdout=told, stderr=told)
    try:
        yield
    finally:
        process.kill()
        process.wait(STOP_SECONDS)
