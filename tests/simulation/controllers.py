"""Kubernetes' own controllers, as far as an instance meets them: each function makes one change, if there is one to make.

StatefulSets make pods and claims and keep the claims; claims get volumes; what has lost its owner is collected.
"""

from collections.abc import Callable, Iterator
from typing import Final

from simulation.filling import at
from simulation.selection import labels_of
from simulation.served import CLAIM, POD, STATEFUL_SET, VOLUME, Body, all_served, by_kind
from simulation.store import Address, Store
from simulation.verbs import Verbs

PROTECTION: Final = ("kubernetes.io/pvc-protection", "kubernetes.io/pv-protection")


def make_pod(verbs: Verbs) -> bool:
    """A pod for each replica that is missing, its claims first."""
    for workload in verbs.store.all(STATEFUL_SET):
        namespace, name = place_of(workload)
        for number in range(workload["spec"]["replicas"]):
            if is_going(workload):
                continue
            for claim in workload["spec"].get("volumeClaimTemplates", []):
                claim_address = Address(CLAIM, namespace, f"{claim['metadata']['name']}-{name}-{number}")
                if verbs.store.get(claim_address) is None:
                    verbs.create(claim_address, {"metadata": {"labels": claim_labels(workload, claim)}, "spec": claim["spec"]})
                    return True
            pod_address = Address(POD, namespace, f"{name}-{number}")
            if verbs.store.get(pod_address) is None:
                verbs.create(pod_address, pod_of(workload))
                return True
    return False


def claim_labels(workload: Body, claim: Body) -> Body:
    return {**labels_of(claim), **workload["spec"]["selector"]["matchLabels"]}


def pod_of(workload: Body) -> Body:
    """A pod that holds itself back with a finalizer until it has ended, as a kubelet does."""
    owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", **uid_and_name(workload), "controller": True, "blockOwnerDeletion": True}
    template = workload["spec"]["template"]
    metadata = {"labels": dict(labels_of(template)), "ownerReferences": [owner], "finalizers": [RUNNING]}
    return {"metadata": metadata, "spec": template["spec"]}


RUNNING: Final = "simulation/running"


def start_pod(verbs: Verbs) -> bool:
    """A pod whose claims are bound runs."""
    for pod in verbs.store.all(POD):
        if pod["status"]["phase"] == "Pending" and not is_going(pod):
            set_status(verbs, Address(POD, *place_of(pod)), pod, {"phase": "Running"})
            return True
    return False


def stop_pod(verbs: Verbs) -> bool:
    """A pod beyond the replicas is told to end."""
    for pod in verbs.store.all(POD):
        namespace, name = place_of(pod)
        workload = verbs.store.get(Address(STATEFUL_SET, namespace, name.rpartition("-")[0]))
        is_wanted = workload is None or int(name.rpartition("-")[2]) < workload["spec"]["replicas"]
        if not is_wanted and not is_going(pod):
            verbs.delete(Address(POD, namespace, name), {})
            return True
    return False


def renew_pod(verbs: Verbs) -> bool:
    """A pod that is not as its template says any more is told to end: the next one is."""
    for pod in verbs.store.all(POD):
        namespace, name = place_of(pod)
        workload = verbs.store.get(Address(STATEFUL_SET, namespace, name.rpartition("-")[0]))
        if workload is not None and pod["spec"] != workload["spec"]["template"]["spec"] and not is_going(pod):
            verbs.delete(Address(POD, namespace, name), {})
            return True
    return False


def end_pod(verbs: Verbs) -> bool:
    """A pod that was told to end is gone."""
    for pod in verbs.store.all(POD):
        if is_going(pod):
            verbs.patch(Address(POD, *place_of(pod)), {"metadata": {"finalizers": []}})
            return True
    return False


def count_replicas(verbs: Verbs) -> bool:
    """What a StatefulSet says of itself."""
    for workload in verbs.store.all(STATEFUL_SET):
        namespace, name = place_of(workload)
        pods = [pod for pod in verbs.store.all(POD, namespace) if pod["metadata"]["name"].rpartition("-")[0] == name and not is_going(pod)]
        ready = sum(pod["status"]["phase"] == "Running" for pod in pods)
        status = {"observedGeneration": workload["metadata"]["generation"], "replicas": len(pods), "availableReplicas": ready}
        status |= {"readyReplicas": ready} if ready else {}
        if workload["status"] != status:
            set_status(verbs, Address(STATEFUL_SET, namespace, name), workload, status)
            return True
    return False


def bind_claim(verbs: Verbs) -> bool:
    """A claim gets a volume of its own."""
    for claim in verbs.store.all(CLAIM):
        address = Address(CLAIM, *place_of(claim))
        if claim["status"]["phase"] == "Bound" or is_going(claim):
            continue
        name = f"pvc-{claim['metadata']['uid']}"
        if verbs.store.get(Address(VOLUME, "", name)) is None:
            verbs.create(Address(VOLUME, "", name), volume_for(claim))
        elif not claim["spec"].get("volumeName"):
            verbs.patch(address, {"spec": {"volumeName": name}})
        else:
            set_status(verbs, address, claim, {"phase": "Bound"})
        return True
    return False


def volume_for(claim: Body) -> Body:
    reference = {"kind": "PersistentVolumeClaim", "namespace": claim["metadata"]["namespace"], **uid_and_name(claim)}
    return {"metadata": {}, "spec": {"claimRef": reference, "persistentVolumeReclaimPolicy": "Delete", "storageClassName": "standard"}}


def release_claim(verbs: Verbs) -> bool:
    """A deleted claim that no pod uses goes."""
    for claim in verbs.store.all(CLAIM):
        namespace, name = place_of(claim)
        pod = verbs.store.get(Address(POD, namespace, name.partition("-")[2]))
        if is_going(claim) and pod is None:
            verbs.patch(Address(CLAIM, namespace, name), {"metadata": {"finalizers": []}})
            return True
    return False


def reclaim_volume(verbs: Verbs) -> bool:
    """A volume whose claim is gone is removed, as its policy says."""
    for volume in verbs.store.all(VOLUME):
        address, reference = Address(VOLUME, "", volume["metadata"]["name"]), volume["spec"]["claimRef"]
        claim = verbs.store.get(Address(CLAIM, reference["namespace"], reference["name"]))
        if is_going(volume):
            verbs.patch(address, {"metadata": {"finalizers": []}})
            return True
        is_free = claim is None or claim["metadata"]["uid"] != reference["uid"]
        if is_free and volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete":
            verbs.delete(address, {})
            return True
    return False


def collect_orphan(verbs: Verbs) -> bool:
    """What has owners, of which none is left, is deleted."""
    for address, body in everything(verbs.store):
        owners = body["metadata"].get("ownerReferences", ())
        if owners and not is_going(body) and not any(is_there(verbs.store, address.namespace, owner) for owner in owners):
            verbs.delete(address, {})
            return True
    return False


def everything(store: Store) -> Iterator[tuple[Address, Body]]:
    for served in all_served():
        for body in store.all(served):
            yield Address(served, *place_of(body)), body


def is_there(store: Store, namespace: str, owner: Body) -> bool:
    served = by_kind()[owner["apiVersion"], owner["kind"]]
    found = store.get(Address(served, namespace if served.namespaced else "", owner["name"]))
    return found is not None and found["metadata"]["uid"] == owner["uid"]


def set_status(verbs: Verbs, address: Address, old: Body, status: Body) -> None:
    verbs.update(address, old, {**old, "status": status})


def place_of(body: Body) -> tuple[str, str]:
    return body["metadata"].get("namespace", ""), body["metadata"]["name"]


def uid_and_name(body: Body) -> Body:
    return {"name": body["metadata"]["name"], "uid": body["metadata"]["uid"]}


def is_going(body: Body) -> bool:
    return at(body, ("metadata", "deletionTimestamp")) is not None


CONTROLLERS: Final[tuple[Callable[[Verbs], bool], ...]] = (
    make_pod,
    start_pod,
    stop_pod,
    renew_pod,
    end_pod,
    count_replicas,
    bind_claim,
    release_claim,
    reclaim_volume,
    collect_orphan,
)
