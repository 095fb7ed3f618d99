"""How fast kwok plays the kubelet. Pure: kwok's own stages in, the same with short delays out."""

from typing import Any, Final

import yaml

from prepaid.local.manifests import Object

DELAY_MILLISECONDS: Final = 200
JITTER_MILLISECONDS: Final = 500


def hastened(text: str) -> str:
    """kwok's stages, played within half a second instead of seconds (a pod's end: up to its whole grace period).

    A pod's annotations still have the last word: `pod-delete.stage.kwok.x-k8s.io/delay: 20s` makes one that ends slowly.
    """
    return yaml.safe_dump_all([hasten(stage) for stage in yaml.safe_load_all(text) if stage], sort_keys=False)


def hasten(stage: Object) -> Object:
    """Pods only: a node's heartbeat keeps its own pace."""
    spec = stage["spec"]
    if spec["resourceRef"]["kind"] != "Pod" or "delay" not in spec:
        return stage
    return {**stage, "spec": {**spec, "delay": short(spec["delay"])}}


def short(delay: dict[str, Any]) -> dict[str, Any]:
    """Short where it is fixed; where it follows an annotation it stays; it never follows the deletionTimestamp."""
    followed = {key: value for key, value in delay.items() if key.endswith("From") and "annotations" in value["expressionFrom"]}
    return {"durationMilliseconds": DELAY_MILLISECONDS, "jitterDurationMilliseconds": JITTER_MILLISECONDS, **followed}
