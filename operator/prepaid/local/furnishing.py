"""Puts into a fresh API server what a prepaid cluster needs: node, namespaces, kinds, policies, classes, rights."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from prepaid.local.binaries import Binaries
from prepaid.local.display import Display
from prepaid.local.errors import LocalError
from prepaid.local.kubectl import Kubectl
from prepaid.local.manifests import Manifests, Object, discovery_path, documents, workload_type
from prepaid.local.objects import NODE, bindings, forgery, ground
from prepaid.local.personas import TENANT_NAMESPACES
from prepaid.local.processes import wait_until

CLASS_API: Final = ("prepaid.dev/v1alpha1", "InstanceClass")
SETTLED_SECONDS: Final = 60
SETTLED: Final = (
    ("jsonpath={.rules[0]}", ("clusterrole/edit", "clusterrole/view", "clusterrole/prepaid-operator")),
    ("condition=Ready", (f"node/{NODE}",)),
    *(("create", ("serviceaccount/default", f"--namespace={home}")) for home in TENANT_NAMESPACES),
)


@dataclass(frozen=True)
class Furnishing:
    """Everything is applied: running it again changes nothing."""

    kubectl: Kubectl
    manifests: Manifests
    display: Display

    def run(self, binaries: Binaries) -> None:
        """From the ground up: what refers to something comes after it."""
        self.kubectl.apply([*documents(binaries.kwok_role), *ground()])
        self.install_kinds()
        self.kubectl.apply(_without_pods(self.manifests.objects("deploy/manager")))
        self.kubectl.apply(self.manifests.objects("deploy/policies"))
        self.kubectl.apply(bindings())
        self.install_classes()

    def install_kinds(self) -> None:
        """The CRDs, and the wait until the server knows them."""
        kinds = self.manifests.objects("crds")
        self.kubectl.apply(kinds)
        names = [f"crd/{kind['metadata']['name']}" for kind in kinds]
        if names:
            self.kubectl.ask("wait", "--for=condition=Established", f"--timeout={SETTLED_SECONDS}s", *names)

    def install_classes(self) -> None:
        """The presets whose workload's kind exists here; says which are left out."""
        presets = self.manifests.objects("deploy/classes")
        needed = {workload_type(preset) for preset in presets} | {CLASS_API}
        known = self.known({each for each in needed if each is not None})
        self.kubectl.apply(fitting(presets, known))
        for preset in presets:
            if why := unfit(preset, known):
                self.display.say(f"Left out deploy/classes {preset['metadata']['name']}: {why} is not installed here.")

    def known(self, types: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of these types that the server has."""
        return frozenset(each for each in types if each[1] in self.kinds_of(each[0]))

    def kinds_of(self, api_version: str) -> frozenset[str]:
        """The kinds of one API version; none when the server does not know it."""
        answer = self.kubectl.run("get", "--raw", discovery_path(api_version))
        if answer.returncode != 0:
            return frozenset()
        return frozenset(resource["kind"] for resource in json.loads(answer.stdout)["resources"])

    def wait(self) -> None:
        """Until everybody has done their part: rights summed up, accounts made, the node ready, the policies in force."""
        for condition, things in SETTLED:
            self.kubectl.ask("wait", f"--for={condition}", f"--timeout={SETTLED_SECONDS}s", *things)
        if not wait_until(self.refuses_a_forgery, SETTLED_SECONDS):
            raise LocalError("The admission policies are installed and refuse nothing: run the command again.")

    def refuses_a_forgery(self) -> bool:
        """A policy takes effect some seconds after it was applied. This one is the last of them; asked in a dry run."""
        asked = self.kubectl.run("create", "--dry-run=server", "--filename=-", given=json.dumps(forgery()))
        return "backs a prepaid instance" in asked.stderr


def fitting(presets: Iterable[Object], known: frozenset[tuple[str, str]]) -> list[Object]:
    """The presets for which nothing is missing."""
    return [preset for preset in presets if not unfit(preset, known)]


def unfit(preset: Object, known: frozenset[tuple[str, str]]) -> str | None:
    """The type that this preset lacks, or None."""
    needed = [(str(preset.get("apiVersion")), str(preset.get("kind")))] if preset.get("kind") == CLASS_API[1] else []
    if needed and (workload := workload_type(preset)):
        needed.append(workload)
    return next((f"{kind} ({api})" for api, kind in needed if (api, kind) not in known), None)


def _without_pods(objects: Iterable[Object]) -> list[Object]:
    """The operator runs on this machine, not in a pod: everything of deploy/manager but its Deployment."""
    return [each for each in objects if each.get("kind") not in ("Deployment", "PodDisruptionBudget")]
