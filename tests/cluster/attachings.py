"""The stories that test_attachments.py looks at: instances attach, lose, share and hand over elastic resources, all at the same time."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from whenever import Instant

from cluster.apiserver import CLAIMS, EVENTS, INSTANCES, ITEMS, MONEY, PODS, RESOURCES, SLICES, STATEFUL_SETS, Body
from cluster.scenes import Life, Scene, directory_of
from cluster.waiting import wait_for
from cluster.wares import a_claim, a_class, a_resource, a_service, an_account, stateful_workload
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import AttachmentState, InstanceStatus, Phase
from prepaid.api.marks import ATTACH_PREFIX, INSTANCE_UID

TERM, RETENTION = 25, 6
SYNC, SYNCS = "example.org/sync", 5
BRIEF, LONG, IN_BIN_FOR_LONG = "attached-brief", "attached-long", "attached-then-kept"
CLASSES: Final = (
    a_class(BRIEF, term=TERM, retention=RETENTION, workload=stateful_workload()),
    a_class(LONG, term=600, retention=600, workload=stateful_workload()),
    a_class(IN_BIN_FOR_LONG, term=TERM, retention=600, workload=stateful_workload()),
)


@dataclass(frozen=True)
class Shelf:
    """The elastic resources of a scene."""

    scene: Scene

    def add(self, name: str, elastic_type: str, account: str = "default", target: str = "") -> None:
        """One with its target, unless that is said to be another."""
        if not target:
            make = a_claim if elastic_type == "CloudDisk" else a_service
            self.scene.owner.create(make(self.scene.namespace, name))
        self.scene.owner.create(a_resource(self.scene.namespace, name, elastic_type, target, account))

    def find(self, name: str) -> ElasticResource | None:
        body = self.scene.admin.get(RESOURCES, self.scene.namespace, name)
        return ElasticResource.parse(body) if body else None

    def need(self, name: str) -> ElasticResource:
        found = self.find(name)
        assert found is not None, f"there is no ElasticResource {name}"
        return found

    def addresses(self, name: str) -> list[str]:
        """What the endpoints of a Service are."""
        slices = self.scene.admin.list(SLICES, self.scene.namespace, f"kubernetes.io/service-name={name}")["items"]
        return [address for each in slices for endpoint in each.get("endpoints") or [] for address in endpoint["addresses"]]

    def until_addresses(self, name: str, count: int) -> list[str]:
        wait_for(f"{name} has {count} endpoints", lambda: len(self.addresses(name)) == count)
        return self.addresses(name)

    def until(self, name: str, what: str, is_so: Callable[[ElasticResource], bool]) -> ElasticResource:
        def look() -> ElasticResource | None:
            found = self.find(name)
            return found if found and is_so(found) else None

        return wait_for(f"{name}: {what}", look)

    def until_idle(self, name: str) -> ElasticResource:
        return self.until(name, "idle", lambda found: found.status.phase == "Idle")


def attach(life: Life, *names: str) -> None:
    """Its owner's whole list."""
    life.set(attachments=[{"name": name} for name in names])


def until_attached(life: Life, *names: str) -> InstanceStatus:
    return life.until(f"attached {names}", lambda status: has_attached(status, names) and status.phase is Phase.RUNNING)


def has_attached(status: InstanceStatus, names: tuple[str, ...]) -> bool:
    return {record.name for record in status.attachments if record.state is AttachmentState.ATTACHED} == set(names)


def pod_addresses(life: Life) -> list[str]:
    pods = life.admin.list(PODS, life.namespace, f"{INSTANCE_UID}={life.uid}")["items"]
    return [pod["status"]["podIP"] for pod in pods if pod["status"].get("podIP")]


def volumes(life: Life) -> list[str]:
    """The claims that its pod template mounts."""
    spec = life.need(STATEFUL_SETS)["spec"]["template"]["spec"]
    return [volume["persistentVolumeClaim"]["claimName"] for volume in spec.get("volumes", []) if "persistentVolumeClaim" in volume]


@dataclass(frozen=True)
class Balanced:
    life: Life
    attached: list[str]
    pod: list[str]
    generations: tuple[int, int]
    in_bin: list[str]
    recycled: InstanceStatus
    written_back: InstanceStatus
    versions: int
    idle: ElasticResource
    item: Body
    recovered: list[str]
    again: list[str]


def balanced(scene: Scene) -> Balanced:
    """Behind a load balancer until it is recycled; written back in the bin and taken out again; recovered, and attached again."""
    shelf, life, probe = Shelf(scene), scene.buy("balanced", IN_BIN_FOR_LONG), scene.buy("probe", LONG)
    shelf.add("balancer", "LoadBalancer")
    life.until_phase(Phase.RUNNING)
    before = life.need(STATEFUL_SETS)["metadata"]["generation"]
    attach(life, "balancer")
    until_attached(life, "balancer")
    attached, pod = shelf.until_addresses("balancer", 1), pod_addresses(life)
    generations = (before, life.need(STATEFUL_SETS)["metadata"]["generation"])
    recycled = life.until_phase(Phase.RECYCLED)
    in_bin, idle, item = shelf.until_addresses("balancer", 0), shelf.until_idle("balancer"), life.need(ITEMS)
    attach(life, "balancer")
    written_back = life.until("seen to be written back", lambda status: len(status.attachments) == 1)
    for number in range(SYNCS):
        life.merge(sync(number))
        until_heard(probe, number)
    attach(life)
    life.until("taken out again", lambda status: not status.attachments)
    life.set(purchasedPeriods=100)
    life.until_phase(Phase.RUNNING)
    wait_for("its pod has an address", lambda: pod_addresses(life))
    recovered = shelf.addresses("balancer")
    attach(life, "balancer")
    until_attached(life, "balancer")
    again = shelf.until_addresses("balancer", 1)
    versions = sum(
        seen.body["metadata"].get("annotations", {}).get(SYNC) is not None and is_written_back(seen.body) for seen in life.history
    )
    return Balanced(life, attached, pod, generations, in_bin, recycled, written_back, versions, idle, item, recovered, again)


def until_heard(probe: Life, number: int) -> None:
    """What the operator heard of before it answers another instance of the same watch has had its look as well, twice over."""
    for is_so in (number % 2 == 0, number % 2 == 1):
        probe.set(autoRenew=is_so)
        probe.until("heard", lambda _: True)


def sync(number: int) -> Body:
    """What a GitOps tool applies again and again."""
    return {"metadata": {"annotations": {SYNC: str(number)}}, "spec": {"attachments": [{"name": "balancer"}]}}


def is_written_back(instance: Body) -> bool:
    return bool(instance["spec"].get("attachments")) and instance["status"]["phase"] == "Recycled"


@dataclass(frozen=True)
class Disk:
    life: Life
    heir: Life
    mounted: list[str]
    in_bin: list[str]
    kept_in_bin: bool
    kept_at_the_end: bool
    claims: set[str]
    mounted_by_heir: list[str]
    kept_for_heir: bool


def disk(scene: Scene) -> Disk:
    """A cloud disk with a file on it outlives its instance, and is attached to another one."""
    shelf = Shelf(scene)
    shelf.add("photos", "CloudDisk")
    life = scene.buy("with-disk", BRIEF, attachments=[{"name": "photos"}])
    heir = scene.buy("heir", LONG)
    until_attached(life, "photos")
    mounted, note = volumes(life), note_on(scene, "photos")
    life.until_phase(Phase.RECYCLED)
    shelf.until_idle("photos")
    in_bin, kept_in_bin = volumes(life), note.exists()
    life.until_phase(Phase.TERMINATED)
    kept_at_the_end = note.exists()
    attach(heir, "photos")
    until_attached(heir, "photos")
    claims = {seen.body["metadata"]["uid"] for seen in scene.recorder.history(CLAIMS, scene.namespace, "photos")}
    return Disk(life, heir, mounted, in_bin, kept_in_bin, kept_at_the_end, claims, volumes(heir), note.exists())


def note_on(scene: Scene, claim: str) -> Path:
    """A file on the disk behind a claim."""
    directory = wait_for("the disk is bound", lambda: directory_of(scene.admin, scene.admin.get(CLAIMS, scene.namespace, claim)))
    note = directory / "note.txt"
    note.write_text("kept")
    return note


@dataclass(frozen=True)
class Replaced:
    life: Life
    seconds: float
    addresses: list[str]


def replaced(scene: Scene) -> Replaced:
    """Its pod is deleted: the next one has the label again, so many seconds after it was first seen."""
    shelf = Shelf(scene)
    shelf.add("front", "ElasticIP")
    life = scene.buy("replaced", LONG, attachments=[{"name": "front"}])
    until_attached(life, "front")
    shelf.until_addresses("front", 1)
    first = life.need(PODS, "replaced-0")["metadata"]["uid"]
    life.admin.delete(PODS, life.namespace, "replaced-0")
    labelled = wait_for("the next pod is labelled", lambda: next(iter(sightings(life, first, is_labelled)), None))
    seconds = (labelled - sightings(life, first, lambda _: True)[0]).total("seconds")
    return Replaced(life, seconds, shelf.until_addresses("front", 1))


def sightings(life: Life, not_uid: str, is_so: Callable[[Body], bool]) -> list[Instant]:
    """When a pod of another uid was seen to be so."""
    seen = life.recorder.history(PODS, life.namespace, f"{life.name}-0")
    return [each.moment for each in seen if each.body["metadata"]["uid"] != not_uid and not each.is_gone and is_so(each.body)]


def is_labelled(pod: Body) -> bool:
    return bool(pod["metadata"]["labels"].get(f"{ATTACH_PREFIX}front") == "attached")


@dataclass(frozen=True)
class Rivals:
    waiting: InstanceStatus
    holders: list[list[str]]
    handed_over: InstanceStatus


def rivals(scene: Scene) -> Rivals:
    """Two want the same address: the first keeps it until it gives it up."""
    shelf = Shelf(scene)
    shelf.add("address", "ElasticIP")
    first = scene.buy("first", LONG, attachments=[{"name": "address"}])
    until_attached(first, "address")
    second = scene.buy("second", LONG, attachments=[{"name": "address"}])
    second.until_phase(Phase.RUNNING)
    waiting = second.until("waiting", lambda status: bool(status.attachments))
    before = [holder.name for holder in shelf.need("address").status.attached_to]
    attach(first)
    handed_over = until_attached(second, "address")
    after = [holder.name for holder in shelf.need("address").status.attached_to]
    return Rivals(waiting, [before, after], handed_over)


HINDERED: Final = ("absent", "no-target", "twin", "somebodys-data")


def hindered(scene: Scene) -> InstanceStatus:
    """Nothing that it asks for can be attached; then the missing target is made."""
    shelf = Shelf(scene)
    shelf.add("original", "LoadBalancer")
    scene.owner.create(a_resource(scene.namespace, "twin", "LoadBalancer", target="original"))
    shelf.add("no-target", "LoadBalancer", target="made-later")
    shelf.add("somebodys-data", "CloudDisk", target="data-hindered-0")
    life = scene.buy("hindered", LONG, attachments=[{"name": name} for name in HINDERED])
    life.until_phase(Phase.RUNNING)
    told = life.until("told why", lambda status: len(status.attachments) == len(HINDERED) and all(r.message for r in status.attachments))
    told = life.until("seen whose data it is", lambda status: "is the data of" in message_of(status, "somebodys-data"))
    scene.owner.create(a_service(scene.namespace, "made-later"))
    life.until("attached once it can be", lambda status: has_attached(status, ("no-target",)))
    return told


def message_of(status: InstanceStatus, name: str) -> str:
    return next((record.message for record in status.attachments if record.name == name), "")


def forced(scene: Scene) -> ElasticResource:
    """An administrator tears its holder out by force."""
    shelf = Shelf(scene)
    shelf.add("torn-from", "ElasticIP")
    life = scene.buy("torn", LONG, attachments=[{"name": "torn-from"}])
    until_attached(life, "torn-from")
    life.delete()
    life.admin.merge(INSTANCES, life.namespace, life.name, {"metadata": {"finalizers": None}})
    life.until_gone(INSTANCES)
    return shelf.until_idle("torn-from")


@dataclass(frozen=True)
class Charged:
    resource: ElasticResource
    account: Body
    events: list[str]
    after: Body
    target: Body | None


def charged(scene: Scene) -> Charged:
    """Idle for some seconds on an account that runs dry; attached, given up, deleted."""
    shelf, price = Shelf(scene), Decimal("1.00")
    scene.admin.create(an_account(scene.namespace, "payer", "3.00", ElasticIP=str(price)))
    shelf.add("dear", "ElasticIP", account="payer")
    life = scene.buy("tenant", LONG)
    shelf.until("dear", "charged for some seconds", lambda found: (found.status.idle_charged or Decimal(0)) > 3)
    attach(life, "dear")
    until_attached(life, "dear")
    held = shelf.until("dear", "settled", lambda found: found.status.phase == "Attached" and not found.status.idle_spans)
    account = until_closed(scene, "payer")
    events = wait_for("it is told", lambda: scene.admin.list(EVENTS, scene.namespace, fields="involvedObject.name=payer")["items"] or None)
    attach(life)
    shelf.until_idle("dear")
    scene.owner.delete(RESOURCES, scene.namespace, "dear")
    wait_for("it is gone", lambda: shelf.find("dear") is None)
    reasons = [event["reason"] for event in events]
    return Charged(held, account, reasons, until_closed(scene, "payer"), scene.find_alike(a_service(scene.namespace, "dear")))


def until_closed(scene: Scene, name: str) -> Body:
    """The account, once no idle time runs on it."""

    def look() -> Body | None:
        body = scene.admin.get(MONEY, scene.namespace, name)
        return body if body and not body["status"].get("idle") and body["status"].get("closedIdle") else None

    return wait_for(f"{name} has closed its idle time", look)


STORIES: Final[tuple[Callable[[Scene], Any], ...]] = (balanced, disk, replaced, rivals, hindered, forced, charged)
