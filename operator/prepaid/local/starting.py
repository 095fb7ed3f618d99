"""Brings a control plane up: makes what is missing, starts what is dead, leaves alone what is well. Safe to run again at any time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prepaid.local.binaries import Binaries
from prepaid.local.blame import failure
from prepaid.local.credentials import ensure_secrets, write_kubeconfigs, write_private
from prepaid.local.display import Display
from prepaid.local.errors import LocalError
from prepaid.local.flags import API, ETCD, START_ORDER, WITH_PORT, Plan
from prepaid.local.furnishing import Furnishing
from prepaid.local.layout import OWN, Layout
from prepaid.local.manifests import find_manifests
from prepaid.local.personas import OPERATOR, SYSTEM
from prepaid.local.plane import ControlPlane, State, stamp
from prepaid.local.ports import LOOPBACK, choose, is_free
from prepaid.local.processes import end, start, wait_until
from prepaid.local.stages import hastened

READY_SECONDS: Final = 90.0
HEAL_SECONDS: Final = 10.0
TOKEN_SECONDS: Final = 365 * 24 * 3600
ACCOUNT: Final = "prepaid-operator"


@dataclass(frozen=True)
class Start:
    """One `up`: which control plane, with which tools, and what was asked for."""

    plane: ControlPlane
    binaries: Binaries
    display: Display
    port: int | None
    with_operator: bool

    def run(self) -> Plan:
        """The order matters: each part needs the ones before it."""
        plan = self.prepare()
        with self.display.phase("Starting etcd and the API server"):
            self.bring_up(plan, (ETCD, API))
            write_kubeconfigs(self.plane.layout, plan.server, ensure_secrets(self.plane.layout))
        furnishing = Furnishing(self.plane.kubectl(), find_manifests(), self.display)
        with self.display.phase("Installing kinds, policies and classes"):
            furnishing.run(self.binaries)
        with self.display.phase("Starting the controllers, the scheduler and kwok"):
            self.bring_up(plan, tuple(part for part in START_ORDER if part not in (ETCD, API, OPERATOR)))
            furnishing.wait()
        self.issue_token()
        self.settle_operator(plan)
        return plan

    def prepare(self) -> Plan:
        """Everything that is decided and written before the first process runs."""
        layout = self.plane.layout
        ensure_ours(layout)
        ports = self.choose_ports()
        for directory in (layout.root, layout.run, layout.tls):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        link(layout.kubectl, self.binaries["kubectl"])
        layout.stages.write_text(hastened(self.binaries.stages.read_text()))
        ensure_secrets(layout)
        self.plane.write_state(State(ports, self.with_operator))
        return Plan(layout, self.binaries, ports, stamp(layout, f"{LOOPBACK}:{ports[API]}"))

    def choose_ports(self) -> dict[str, int]:
        """Known ones stay where possible; the API server's may be asked for."""
        state = self.plane.state()
        known = dict(state.ports) if state else {}
        chosen = {part: choose(known.get(part), self.plane.is_alive(part)) for part in WITH_PORT}
        if self.port is not None:
            check_port(self.port, known.get(API), self.plane.is_alive(API))
            chosen[API] = self.port
        return chosen

    def bring_up(self, plan: Plan, parts: tuple[str, ...]) -> None:
        """All of them started, then all of them ready; one that runs but does not answer is started anew, once."""
        for part in reversed(parts):
            self.end_outdated(plan, part)
        fresh = {part for part in parts if self.ensure_started(plan, part)}
        for part in parts:
            if part in fresh or not self.is_ready(part, HEAL_SECONDS):
                self.renew(plan, part, is_fresh=part in fresh)

    def ensure_started(self, plan: Plan, part: str) -> bool:
        """Whether it had to be started."""
        if self.plane.is_alive(part):
            return False
        start(plan.command(part), self.plane.record_path(part))
        return True

    def end_outdated(self, plan: Plan, part: str) -> None:
        """Ends one that runs with other flags than today's, followers before what they follow."""
        record = self.plane.record(part)
        if record is not None and record.fingerprint != plan.command(part).fingerprint():
            end(record)

    def renew(self, plan: Plan, part: str, *, is_fresh: bool) -> None:
        """Waits for a part that has just been started; starts one anew that hangs. LocalError when it does not come up."""
        if not is_fresh:
            self.display.say(f"{part} runs but does not answer: starting it anew.")
            end(self.plane.record(part))
            start(plan.command(part), self.plane.record_path(part))
        if not self.is_ready(part, READY_SECONDS):
            guilty = part if self.plane.is_alive(ETCD) else ETCD
            raise LocalError(failure(self.plane.layout, guilty, is_alive=self.plane.is_alive(guilty)))

    def is_ready(self, part: str, seconds: float) -> bool:
        """Whether it becomes ready in time; gives up at once when it ends. etcd is judged by the API server that follows it."""
        if part == ETCD:
            return self.plane.is_alive(ETCD)
        state = self.plane.state()
        if state is None:
            return False
        probe = self.plane.probe(part, state)
        wait_until(lambda: probe.is_ready() or not self.parts_alive(part), seconds)
        return self.parts_alive(part) and probe.is_ready()

    def parts_alive(self, part: str) -> bool:
        return self.plane.is_alive(part) and self.plane.is_alive(ETCD)

    def settle_operator(self, plan: Plan) -> None:
        """The operator under its own ServiceAccount, or none."""
        if not self.with_operator:
            end(self.plane.record(OPERATOR))
            return
        with self.display.phase("Starting the operator"):
            self.bring_up(plan, (OPERATOR,))

    def issue_token(self) -> None:
        """A new token in the file that the operator's kubeconfig names: it is read again when it changes."""
        token = self.plane.kubectl().ask("create", "token", ACCOUNT, f"--namespace={SYSTEM}", f"--duration={TOKEN_SECONDS}s")
        write_private(self.plane.layout.operator_token, token)


def ensure_ours(layout: Layout) -> None:
    """A directory that holds somebody else's things is not touched."""
    if not layout.root.is_dir():
        return
    strange = sorted(path.name for path in layout.root.iterdir() if path.name not in OWN)
    if strange and not layout.state.exists():
        raise LocalError(f"{layout.root} holds other things ({strange[0]}): choose an empty directory with --directory.")


def link(path: Path, target: Path) -> None:
    """Makes `path` lead to `target`, whatever it led to before."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def check_port(asked: int, known: int | None, is_running: bool) -> None:
    """LocalError when the API server cannot have the port that was asked for."""
    if is_running and asked != known:
        raise LocalError(f"This control plane runs on port {known} already: `prepaid local down --keep-data` first, or leave out --port.")
    if not is_running and not is_free(asked):
        raise LocalError(f"Port {asked} is in use: choose another one with --port, or leave it out to get a free one.")
