"""Flux's side: evaluates the healthCheckExprs of deploy/gitops/flux, in the order in which Flux asks them."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import cel
import yaml

Body = dict[str, Any]
KUSTOMIZATION: Final = Path(__file__).parents[2] / "deploy" / "gitops" / "flux" / "kustomization.yaml"
VERDICTS: Final = {"inProgress": "InProgress", "failed": "Failed", "current": "Current"}


@cache
def expressions() -> dict[str, dict[str, str]]:
    """By kind."""
    exprs = yaml.safe_load(KUSTOMIZATION.read_text())["spec"]["healthCheckExprs"]
    return {expr["kind"]: {verdict: expr[verdict] for verdict in VERDICTS if verdict in expr} for expr in exprs}


def health(body: Body) -> str:
    """InProgress while its newest spec was not looked at; then the first expression that is true; else InProgress."""
    status = body.get("status", {})
    if status.get("observedGeneration", body["metadata"].get("generation", 0)) != body["metadata"].get("generation", 0):
        return "InProgress"
    asked = expressions()[body["kind"]]
    context = {"metadata": body["metadata"], "spec": body.get("spec", {}), "status": status}
    return next((VERDICTS[verdict] for verdict in VERDICTS if verdict in asked and cel.evaluate(asked[verdict], context)), "InProgress")
