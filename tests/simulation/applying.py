"""Server-side apply: who claims which field, what an apply gives up, and the merge. Enough for workloads, exact for nothing else.

A path is a tuple of steps; an element of a keyed list is the step (key field, value). Other lists are one value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulation.served import Body

Json = Any
Path = tuple[Any, ...]
LIST_KEYS: Final = {"containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath"}
NOBODYS: Final = frozenset({("metadata", "uid"), ("metadata", "resourceVersion"), ("metadata", "name"), ("metadata", "namespace")})
OTHERS = "(updates)"


@dataclass
class Claims:
    """The fields of one object by manager; who changed one by a patch is one manager more."""

    by_manager: dict[str, dict[Path, Json]] = field(default_factory=dict)

    def disputed(self, manager: str, live: Body, given: Body) -> list[Path]:
        """Fields that others claim and that this apply would change."""
        others = {path for name, claimed in self.by_manager.items() if name != manager for path in claimed}
        now = leaves(live)
        return sorted((path for path, value in leaves(given).items() if path in others and now.get(path) != value), key=str)

    def given_up(self, manager: str, given: Body) -> list[Path]:
        """Fields that only this manager claimed, and claims no longer: they go."""
        others = {path for name, claimed in self.by_manager.items() if name != manager for path in claimed}
        return [path for path in self.by_manager.get(manager, {}) if path not in others and path not in leaves(given)]

    def take(self, manager: str, given: Body) -> None:
        """After an apply: what it says is its own, and what others said otherwise is theirs no longer."""
        taken = leaves(given)
        for name, claimed in self.by_manager.items():
            self.by_manager[name] = {path: value for path, value in claimed.items() if path not in taken or taken[path] == value}
        self.by_manager[manager] = taken

    def take_changed(self, old: Body, new: Body) -> None:
        """After a patch: what it changed is nobody else's."""
        before, after = leaves(old), leaves(new)
        changed = {path: value for path, value in after.items() if before.get(path) != value}
        for name, claimed in self.by_manager.items():
            self.by_manager[name] = {path: value for path, value in claimed.items() if path not in changed}
        self.by_manager[OTHERS] = self.by_manager.get(OTHERS, {}) | changed


def leaves(body: Body) -> dict[Path, Json]:
    """Every field that somebody may claim, with its value."""
    content = {name: value for name, value in body.items() if name not in ("apiVersion", "kind", "status")}
    return {path: value for path, value in walk(content, ()) if path not in NOBODYS}


def walk(value: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    if isinstance(value, Mapping) and value:
        for name, below in value.items():
            yield from walk(below, (*path, name))
    elif key := list_key(value, path):
        for element in value:
            yield from walk(element, (*path, (key, element[key])))
    else:
        yield path, value


def list_key(value: Json, path: Path) -> str | None:
    """The field by which the elements of a list are told apart, if this is such a list."""
    key = LIST_KEYS.get(path[-1]) if path and isinstance(path[-1], str) else None
    return key if key and isinstance(value, list) and value else None


def applied(live: Json, given: Json, given_up: list[Path]) -> Json:
    """The live object with what was given merged in and what was given up taken out."""
    merged = live
    for path in given_up:
        merged = without(merged, path)
    return merged_in(merged, given, ())


def without(value: Json, path: Path) -> Json:
    """The value without the field at a path; an element of a list that loses what it is known by goes whole."""
    step, *below = path
    if isinstance(step, tuple):
        key, name = step
        left = [without(element, tuple(below)) if below and element.get(key) == name else element for element in value or []]
        return [element for element in left if key in element]
    if not isinstance(value, Mapping) or step not in value:
        return value
    if not below:
        return {name: kept for name, kept in value.items() if name != step}
    return {**value, step: without(value[step], tuple(below))}


def merged_in(live: Json, given: Json, path: Path) -> Json:
    if isinstance(given, Mapping):
        before = live if isinstance(live, Mapping) else {}
        return {**before, **{name: merged_in(before.get(name), value, (*path, name)) for name, value in given.items()}}
    key = list_key(given, path)
    if key is None or not isinstance(live, list):
        return given
    names = {element[key]: element for element in live}
    wanted = [merged_in(names.get(element[key], {}), element, (*path, (key, element[key]))) for element in given]
    said = {element[key] for element in given}
    return [*wanted, *(element for element in live if element[key] not in said)]
