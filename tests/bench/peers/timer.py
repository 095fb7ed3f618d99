"""A peer: the recycling of an expired instance written the way most kopf operators are.

A timer that sets the phase, a handler on the phase that acts, plain functions, the client's blocking calls, patches that are
returned to kopf, and kopf's own settings.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import kopf
import kubernetes.client as client

GROUP, VERSION, PLURAL = "prepaid.dev", "v1alpha1", "prepaidinstances"
ITEMS: Final = "recyclebinitems"
INTERVAL_SECONDS: Final = 1.0
RETENTION: Final = timedelta(seconds=7200)
MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


@kopf.on.create(GROUP, VERSION, PLURAL)
@kopf.on.resume(GROUP, VERSION, PLURAL)
@kopf.on.update(GROUP, VERSION, PLURAL)
def know(name: str, logger: kopf.Logger, **_: Any) -> None:  # noqa: ANN401
    logger.info("%s is looked after", name)


@kopf.timer(GROUP, VERSION, PLURAL, interval=INTERVAL_SECONDS)
def expire(status: kopf.Status, patch: kopf.Patch, **_: Any) -> None:  # noqa: ANN401
    now = datetime.now(UTC).replace(microsecond=0)
    if status.get("phase") != "Running" or now < datetime.strptime(status["expirationTime"], MOMENT).replace(tzinfo=UTC):
        return
    moments = {"recycleTime": now.strftime(MOMENT), "releaseTime": (now + RETENTION).strftime(MOMENT)}
    patch.status.update({**moments, "phase": "Recycled", "stay": status.get("stay", 0) + 1})


@kopf.on.field(GROUP, VERSION, PLURAL, field="status.phase", new="Recycled")
def recycled(body: kopf.Body, status: kopf.Status, patch: kopf.Patch, **_: Any) -> None:  # noqa: ANN401
    ref = {"name": body.metadata.name, "uid": body.metadata.uid, "stay": status["stay"]}
    file_in_bin(body, {"instanceRef": ref, "recycleTime": status["recycleTime"], "releaseTime": status["releaseTime"]})
    patch.status["conditions"] = conditions(status["recycleTime"])


def file_in_bin(body: kopf.Body, spec: dict[str, Any]) -> None:
    item = {
        "apiVersion": f"{GROUP}/{VERSION}",
        "kind": "RecycleBinItem",
        "metadata": {"name": body.metadata.name},
        "spec": {**spec, "reason": "Expired"},
    }
    kopf.adopt(item, owner=body)
    try:
        client.CustomObjectsApi().create_namespaced_custom_object(GROUP, VERSION, str(body.metadata.namespace), ITEMS, item)
    except client.ApiException as error:
        if error.status != 409:
            raise


def conditions(moment: str) -> list[dict[str, str]]:
    told = {"Ready": "False", "Reconciling": "False", "Stalled": "True", "Paid": "False", "Recycled": "True"}
    return [
        {"type": of_type, "status": value, "reason": "InRecycleBin", "message": "The term is over.", "lastTransitionTime": moment}
        for of_type, value in told.items()
    ]


if __name__ == "__main__":
    kopf.run(clusterwide=True, standalone=True)
