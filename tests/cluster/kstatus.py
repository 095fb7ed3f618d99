"""The rules of kstatus for instances (api.md): how Ready, Reconciling and Stalled go with each phase, in every status ever written."""

from typing import Final

from cluster.apiserver import Body

WRITTEN_BY_HAND: Final = "schema"
"""The namespace of the specimens (test_schema.py), whose statuses no operator writes."""
STANDINGS: Final = ("Ready", "Reconciling", "Stalled")
ALLOWED: Final = {
    "Pending": {"Reconciling", "Stalled"},
    "Running": {"Ready", "Reconciling", "Stalled"},
    "Stopped": {"Ready", "Reconciling", "Stalled"},
    "Recycled": {"Reconciling", "Stalled"},
    "Terminating": {"Reconciling", "Stalled"},
    "Terminated": {"Stalled"},
}
"""Stalled goes with every phase: any instance may be held."""


def faults(body: Body) -> list[str]:
    """What is wrong with the status of one version of an instance; one that no operator has written yet is not judged."""
    if body["metadata"]["namespace"] == WRITTEN_BY_HAND:
        return []
    status = body.get("status", {})
    told = {known["type"]: known for known in status.get("conditions", []) if known["type"] in STANDINGS}
    if not told:
        return []
    true = [name for name in STANDINGS if told.get(name, {}).get("status") == "True"]
    wrong = [
        *(f"{name} is not told" for name in STANDINGS if name not in told),
        *([] if len(true) == 1 else [f"{true} are true at once"]),
        *(f"{name} does not go with {status.get('phase')}" for name in true if name not in ALLOWED.get(status.get("phase", ""), set())),
        *(f"{name} gives no reason" for name, known in told.items() if not known["reason"]),
        *(["Ready gives no sentence"] if not told.get("Ready", {}).get("message") else []),
        *(["it speaks of a spec to come"] if status.get("observedGeneration", 0) > body["metadata"]["generation"] else []),
    ]
    return [f"{body['metadata']['namespace']}/{body['metadata']['name']}: {fault}" for fault in wrong]
