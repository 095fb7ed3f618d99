"""Pods of nobody's that mount what belongs to instances. The admission policies refuse them; one that was there before its claim got in."""

from collections.abc import Iterable

from prepaid.lifecycle.notices import Event, Notice
from prepaid.lifecycle.objects import ENDED_PODS, LiveObject


def mounting(pods: Iterable[LiveObject], claims: Iterable[str]) -> tuple[LiveObject, ...]:
    """Those that live and mount one of the claims."""
    names = set(claims)
    return tuple(pod for pod in pods if pod.at("status.phase") not in ENDED_PODS and names & claims_of(pod))


def claims_of(pod: LiveObject) -> set[str]:
    """The names of the claims that it mounts."""
    volumes = pod.at("spec.volumes")
    sources = [volume.get("persistentVolumeClaim") or {} for volume in volumes] if isinstance(volumes, list) else []
    return {source["claimName"] for source in sources if "claimName" in source}


def intruder_event(pod: LiveObject) -> Event:
    """Once for each pod."""
    message = f"{pod.ref} mounted the data of this instance and was deleted; mount a claim of your own."
    return Event(Notice.FOREIGN_POD, message, f"pod-{pod.metadata.uid}")
