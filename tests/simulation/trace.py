"""What happened, line by line, for whoever looks for the cause of a violation."""

import json
from dataclasses import dataclass, field

from prepaid.cluster.transport import Request
from simulation.clocks import BEGIN, VirtualTime


@dataclass
class Trace:
    """Keeps the lines only when it is asked to: a history is run again to see them."""

    time: VirtualTime
    is_kept: bool
    lines: list[str] = field(default_factory=list)
    calls: int = 0

    def tell(self, who: str, request: Request, outcome: str) -> None:
        self.calls += 1
        if self.is_kept:
            self.lines.append(f"{self._moment()} {who:>8}  {request.method} {short(request.path)} {said(request)} -> {outcome}")

    def _moment(self) -> str:
        return f"{(self.time.now - BEGIN).total('seconds'):>8.0f} s"


def short(path: str) -> str:
    return "/".join(path.split("/")[-3:]) if path.endswith("/status") else "/".join(path.split("/")[-2:])


def said(request: Request) -> str:
    """What a write says, without what it always says."""
    if request.body is None:
        return ""
    body = {name: value for name, value in request.body.items() if name not in ("apiVersion", "kind")}
    status = body.get("status")
    if isinstance(status, dict):
        body["status"] = {name: value for name, value in status.items() if name not in ("conditions", "terms", "workload")}
    text = json.dumps(body, sort_keys=True)
    return text if len(text) < 500 else f"{text[:500]}…"
