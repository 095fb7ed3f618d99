"""What the API server counted: the writes that an operator makes, by resource and verb. Knows who else writes what."""

import re
from collections import Counter
from typing import Final

from cluster.apiserver import EVENTS, Api
from prepaid.api.resource import GROUP

SERIES: Final = re.compile(r"^apiserver_request_total\{(.*)\} (\S+)$", re.MULTILINE)
LABEL: Final = re.compile(r'(\w+)="([^"]*)"')
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "APPLY", "DELETE"})
OF_WORKLOADS: Final = frozenset({"POST", "PATCH", "APPLY", "DELETE"})
Count = Counter[str]


def writes_of_the_operator(api: Api, namespace: str) -> Count:
    """So far, refused and conflicting ones as well. Events are those of one namespace."""
    counted: Count = Counter()
    for labels, value in SERIES.findall(api.call("GET", "/metrics").decode()):
        told = dict(LABEL.findall(labels))
        if told["verb"] in WRITES and is_ours(told):
            counted[name_of(told)] += int(float(value))
    events = api.list(EVENTS, namespace)["items"]
    counted["POST events"] = sum(event.get("source", {}).get("component") == "prepaid-operator" for event in events)
    return counted


def is_ours(told: dict[str, str]) -> bool:
    """Tests make instances and classes; controllers write the status of workloads, and claims by PUT and PATCH."""
    resource, verb = told["resource"], told["verb"]
    if told["group"] == GROUP:
        return (resource, verb) != ("prepaidinstances", "POST")
    if resource == "persistentvolumeclaims":
        return verb == "DELETE"
    return resource == "statefulsets" and not told["subresource"] and verb in OF_WORKLOADS


def name_of(told: dict[str, str]) -> str:
    part = f"/{told['subresource']}" if told["subresource"] else ""
    return f"{told['verb']} {told['resource']}{part}"
