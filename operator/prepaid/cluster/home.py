"""The namespace that a person works in: what the context of their kubeconfig says, or their pod."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kubernetes.aio.config.config_exception import ConfigException
from kubernetes.aio.config.kube_config import KUBE_CONFIG_DEFAULT_LOCATION, list_kube_config_contexts

from prepaid.cluster.connection import in_a_pod
from prepaid.cluster.errors import Refused

POD_NAMESPACE: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
DEFAULT: Final = "default"


def home_namespace(context: str | None) -> str:
    """Raises Refused where there is no kubeconfig, or no such context in it."""
    if not os.environ.get("KUBECONFIG") and in_a_pod():
        return POD_NAMESPACE.read_text().strip()
    named, current = contexts()
    wanted = context or current
    if wanted not in named:
        known = ", ".join(sorted(named))
        raise Refused(f"the kubeconfig has no context {wanted}; choose one of {known} with --context")
    return str(named[wanted].get("context", {}).get("namespace") or DEFAULT)


def contexts() -> tuple[dict[str, Mapping[str, Any]], str]:
    """Those of the kubeconfig by their names, and the current one's name. Raises Refused."""
    require_kubeconfig()
    try:
        known, current = list_kube_config_contexts()
    except (ConfigException, OSError, ValueError, TypeError) as error:
        raise Refused(f"the kubeconfig cannot be used: {error}; set KUBECONFIG to a file that names a cluster") from error
    return {str(one["name"]): one for one in known}, str(current["name"])


def require_kubeconfig() -> None:
    """Raises Refused where no file is at any of its places: the client would say so on stdout."""
    places = [place for place in KUBE_CONFIG_DEFAULT_LOCATION.split(os.pathsep) if place]
    if not any(Path(place).expanduser().is_file() for place in places):
        raise Refused(f"there is no kubeconfig at {', '.join(places)}; set KUBECONFIG to a file that names a cluster")
