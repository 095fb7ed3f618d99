"""What a paid instance's workload should look like now: running, or stopped by its owner. Level-triggered: derived from what is seen.

The stamp (prepaid.dev/stay) is written at every start and stop, so that a late writer conflicts (models/bin.py in the design).
A live workload follows a class edit only at its next purchase or recovery: until then what was applied last is applied again.
"""

import hashlib
import json
from typing import Any

from prepaid.api.instance import WorkloadRecord
from prepaid.api.marks import APPLIED, PARAMETERS, STAY
from prepaid.lifecycle.facts import Facts
from prepaid.lifecycle.objects import LiveObject, Manifest
from prepaid.lifecycle.rendering import Rendering
from prepaid.lifecycle.template import covers, is_same, merge_patch


def running_manifest(rendering: Rendering, facts: Facts) -> Manifest:
    """The workload to apply: its content, stamped."""
    content = content_to_follow(rendering, facts)
    annotations = {
        STAY: stamp(facts, "running"),
        APPLIED: json.dumps(content, sort_keys=True, separators=(",", ":")),
        PARAMETERS: parameters_digest(facts),
    }
    return merge_patch(content, {"metadata": {"annotations": annotations}})  # type: ignore[no-any-return]


def stopped_manifest(manifest: Manifest, rendering: Rendering, facts: Facts) -> Manifest:
    """The same, not started yet.

    What mounts what it holds is made so: nothing but its name makes a creation conditional, and one that was held up until another holds
    the disk must not mount it. The start that follows is conditional on the version that was made.
    """
    stamped = {"metadata": {"annotations": {STAY: stamp(facts, "stopped")}}}
    return merge_patch(merge_patch(manifest, rendering.stopped), stamped)  # type: ignore[no-any-return]


def content_to_follow(rendering: Rendering, facts: Facts) -> Manifest:
    """The class as it was at the last purchase, as far as it can still be known."""
    record, live = facts.status.workload, facts.seen.workload
    if live is None or record is None or record.class_version == facts.seen.class_version:
        return rendering.manifest
    annotations = live.metadata.annotations
    if annotations.get(PARAMETERS) != parameters_digest(facts):
        return rendering.manifest
    return applied_content(annotations.get(APPLIED, "")) or rendering.manifest


def applied_content(text: str) -> Manifest | None:
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def parameters_digest(facts: Facts) -> str:
    """Tells one set of parameters from another."""
    text = json.dumps(facts.instance.spec.parameters, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stamp(facts: Facts, word: str) -> str:
    """The stay and what the workload was told in it: "2-running"."""
    return f"{facts.status.stay}-{word}"


def is_as_wanted(live: LiveObject, manifest: Manifest) -> bool:
    return covers(live.body, manifest)


def is_ready(live: LiveObject, rendering: Rendering) -> bool:
    """Whether the workload says so itself, and speaks of its newest spec."""
    observed = live.at("status.observedGeneration")
    if isinstance(observed, int) and observed < live.metadata.generation:
        return False
    return rendering.ready is None or is_same(live.at(rendering.ready.path), rendering.ready.equals)


def stop_patch(record: WorkloadRecord, facts: Facts) -> dict[str, Any]:
    """The recorded stop, stamped: it needs no class."""
    return merge_patch(record.stopped, {"metadata": {"annotations": {STAY: stamp(facts, "stopped")}}})  # type: ignore[no-any-return]


def is_stopped(live: LiveObject, record: WorkloadRecord, facts: Facts) -> bool:
    return live.metadata.annotations.get(STAY) == stamp(facts, "stopped") and covers(live.body, record.stopped)
