"""`prepaid operator`: the operator itself. Its cluster comes from KUBECONFIG or, in a pod, from its ServiceAccount."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from prepaid.cli.spelling import spelled_out

LEASE: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9.]*[a-z0-9])?")

app = typer.Typer(help="The operator that gives instances their life.", no_args_is_help=True, rich_markup_mode=None)

Kubeconfig = Annotated[str | None, typer.Option(help="The kubeconfig to use (default: $KUBECONFIG, or the pod's ServiceAccount).")]
Context = Annotated[str | None, typer.Option(help="The context of the kubeconfig (default: its current one).")]
HealthPort = Annotated[
    int, typer.Option(min=0, max=65535, envvar="PREPAID_HEALTH_PORT", help="Where /healthz and /readyz are; 0 for nowhere.")
]
SweepSeconds = Annotated[float, typer.Option(min=0.1, envvar="PREPAID_SWEEP_SECONDS", help="How often everything of a class is compared.")]


def parse_lease(text: str) -> str:
    """NAMESPACE/NAME, or nothing. Raises BadParameter with an example."""
    if text and not LEASE.fullmatch(text):
        raise typer.BadParameter(f"{text!r} names no Lease: write it as NAMESPACE/NAME, such as prepaid-system/prepaid-operator.")
    return text


Lease = Annotated[
    str,
    typer.Option(
        parser=parse_lease,
        metavar="NAMESPACE/NAME",
        envvar="PREPAID_LEASE",
        help="Stand by until this Lease is ours, so that of several operators one works (default: work at once).",
        show_default=False,
    ),
]
LeaseSeconds = Annotated[
    int, typer.Option(min=1, envvar="PREPAID_LEASE_SECONDS", help="How long others wait for a leader that is not heard of any more.")
]


@dataclass(frozen=True)
class Leadership:
    """What one of several operators must hold to work."""

    lease: Lease = ""
    lease_seconds: LeaseSeconds = 15


@app.callback()
def operator() -> None:
    """Keeps `run` a sub-command of its own."""


@app.command()
@spelled_out
def run(
    kubeconfig: Kubeconfig = None,
    context: Context = None,
    health_port: HealthPort = 8080,
    sweep_seconds: SweepSeconds = 30.0,
    *,
    leadership: Leadership,
) -> None:
    """Run until SIGTERM, which finishes what is in flight."""
    # kopf takes a second to import: no other command should wait for it.
    from prepaid.main import Options
    from prepaid.main import run as run_operator

    raise typer.Exit(run_operator(Options(kubeconfig, context, health_port, sweep_seconds, leadership.lease, leadership.lease_seconds)))
