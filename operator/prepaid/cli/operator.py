"""`prepaid operator`: the operator itself. Its cluster comes from KUBECONFIG or, in a pod, from its ServiceAccount."""

from typing import Annotated

import typer

app = typer.Typer(help="The operator that gives instances their life.", no_args_is_help=True, rich_markup_mode=None)

Kubeconfig = Annotated[str | None, typer.Option(help="The kubeconfig to use (default: $KUBECONFIG, or the pod's ServiceAccount).")]
Context = Annotated[str | None, typer.Option(help="The context of the kubeconfig (default: its current one).")]
HealthPort = Annotated[
    int, typer.Option(min=0, max=65535, envvar="PREPAID_HEALTH_PORT", help="Where /healthz and /readyz are; 0 for nowhere.")
]
SweepSeconds = Annotated[float, typer.Option(min=0.1, envvar="PREPAID_SWEEP_SECONDS", help="How often everything of a class is compared.")]


@app.callback()
def operator() -> None:
    """Keeps `run` a sub-command of its own."""


@app.command()
def run(kubeconfig: Kubeconfig = None, context: Context = None, health_port: HealthPort = 8080, sweep_seconds: SweepSeconds = 30.0) -> None:
    """Run until SIGTERM, which finishes what is in flight."""
    # kopf takes a second to import: no other command should wait for it.
    from prepaid.main import Options
    from prepaid.main import run as run_operator

    raise typer.Exit(run_operator(Options(kubeconfig, context, health_port, sweep_seconds)))
