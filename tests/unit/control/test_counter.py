"""The cashier's counter: who could not be served because something came in between is not forgotten."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from builders import DEAR, NAME, NAMESPACE, account, instance_class, order, running
from prepaid.api.account import PrepaidAccount
from prepaid.cluster.client import Cluster, Key
from prepaid.cluster.clock import Clock
from prepaid.cluster.errors import ClusterError, Conflict, Gone, Refused
from prepaid.cluster.together import together
from prepaid.cluster.transport import Answer, Request
from prepaid.control.counter import Counter
from prepaid.control.desk import Desk
from prepaid.control.queue import KeyQueue
from prepaid.lifecycle.applying import applications


@dataclass
class Server:
    """Answers everything with the same error."""

    fault: ClusterError
    asked: list[str] = field(default_factory=list)

    async def call(self, request: Request) -> Answer:
        self.asked.append(request.path)
        raise self.fault

    async def stream(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        yield {"path": request.path}


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        pytest.param(Conflict("it has changed"), {NAME}, id="changed meanwhile: it is looked at again"),
        pytest.param(Gone("it is no more", "NotFound"), set(), id="gone: there is nobody to serve"),
        pytest.param(Refused("no", "Forbidden"), set(), id="refused: it would be again"),
    ],
)
async def test_who_cannot_be_served_now(fault: ClusterError, asked: set[str]) -> None:
    facts = running(sold=instance_class(price=DEAR), account=account("100.00"), orders=(order(),))
    desk = Desk(KeyQueue())
    counter = Counter(Cluster(Server(fault), Clock()), desk, together)
    assert await counter.write_intent(facts, applications(facts)[0]) is None
    assert desk.take(Key(PrepaidAccount, NAMESPACE, facts.instance.spec.account)) == asked
