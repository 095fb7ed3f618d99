"""Argo CD's side: runs the health checks and actions of deploy/gitops/argocd in Lua 5.1, which is what Argo CD speaks."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from lupa.lua51 import LuaRuntime

Body = dict[str, Any]
CONFIG: Final = Path(__file__).parents[2] / "deploy" / "gitops" / "argocd" / "argocd-cm.yaml"
CUSTOM: Final = "resource.customizations"


@cache
def config() -> dict[str, str]:
    data: dict[str, str] = yaml.safe_load(CONFIG.read_text())["data"]
    return data


def health(body: Body) -> tuple[str, str]:
    """The status and the message that Argo CD shows."""
    said = run(config()[f"{CUSTOM}.health.prepaid.dev_{body['kind']}"], body)
    return said["status"], said["message"]


def actions(body: Body) -> dict[str, bool]:
    """The actions that are offered, and whether each can be taken now."""
    offered = run(actions_of(body)["discovery.lua"], body)
    return {name: not action["disabled"] for name, action in offered.items()}


def after(action: str, body: Body) -> Body:
    """The object that Argo CD would write."""
    definitions = {each["name"]: each["action.lua"] for each in actions_of(body)["definitions"]}
    return run(definitions[action], body)


def actions_of(body: Body) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(config()[f"{CUSTOM}.actions.prepaid.dev_{body['kind']}"])
    return told


def run(script: str, body: Body) -> Body:
    """What a script answers about an object."""
    lua = LuaRuntime(unpack_returned_tuples=True)
    lua.globals().obj = lua.table_from(body, recursive=True)
    answer: Body = plain(lua.execute(script))
    return answer


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A Lua table as a dictionary or a list."""
    if not hasattr(value, "items"):
        return value
    pairs = dict(value.items())
    if pairs and all(isinstance(key, int) for key in pairs):
        return [plain(pairs[key]) for key in sorted(pairs)]
    return {key: plain(one) for key, one in pairs.items()}
