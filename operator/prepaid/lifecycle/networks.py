"""The Multus annotation of a pod template: names with commas between, or a JSON list of objects; added to and taken from, never rewritten.

Knows no resource.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prepaid.lifecycle.objects import Manifest

NETWORKS: Final = "k8s.v1.cni.cncf.io/networks"


def networks_of(template: Manifest) -> str:
    """What the Multus annotation says: names with commas between, or a JSON list."""
    return str(((template.get("metadata") or {}).get("annotations") or {}).get(NETWORKS, ""))


def network_elements(text: str) -> list[Any]:
    if text.lstrip().startswith("["):
        try:
            elements = json.loads(text)
        except ValueError:
            return []
        return elements if isinstance(elements, list) else []
    return [word.strip() for word in text.split(",") if word.strip()]


def name_of(element: object) -> str:
    return str(element.get("name", "")) if isinstance(element, Mapping) else str(element)


def network_names(text: str) -> list[str]:
    return [name_of(element) for element in network_elements(text)]


def with_network(text: str, network: str) -> str:
    elements = network_elements(text)
    if any(isinstance(element, Mapping) for element in elements):
        return json.dumps([*elements, {"name": network}])
    return ",".join([*elements, network])


def without_networks(text: str, networks: set[str]) -> str | None:
    left = [element for element in network_elements(text) if name_of(element) not in networks]
    if not left:
        return None
    return json.dumps(left) if any(isinstance(element, Mapping) for element in left) else ",".join(left)
