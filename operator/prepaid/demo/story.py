"""The story itself: what is done and what must be seen then, from the purchase to the erasure."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from whenever import Instant

from prepaid.api.instance import Phase
from prepaid.demo.sight import Sight, money_of
from prepaid.demo.stage import Sights, Stage
from prepaid.local.manifests import find_manifests

NOTE = "note.txt"
TEXT = "written before the expiration\n"


def tell_story(stage: Stage) -> None:
    """Plays it from the beginning to the end."""
    sights = buy(stage)
    directories = write_notes(stage, sights)
    renew(stage, sights["renewed"].instance.status.expiration_time)
    expire(stage, directories)
    recover(stage, directories["recovered"])
    end(stage, directories["abandoned"])


def buy(stage: Stage) -> Sights:
    stage.tell("Three instances are asked for, each for a term of 15 seconds at 1.50 yuan.")
    folder = find_manifests().root / "deploy" / "demo"
    stage.run("apply", "-f", str(folder / "class.yaml"))
    stage.run("apply", "-f", str(folder / "instances.yaml"))
    stage.wait("unpaid: nothing runs without money", lambda seen: len(seen) == 3 and all(is_unpaid(sight) for sight in seen.values()))
    stage.tell("A cashier pays in 30.00 yuan.")
    stage.run("apply", "-f", str(folder / "account.yaml"))
    claim = "bought: all three are Running, each with a real pod and a Bound volume"
    sights = stage.wait(claim, lambda seen: len(seen) == 3 and all(is_up(sight) for sight in seen.values()))
    stage.run("get", "ppi,pods,pvc")
    return sights


def write_notes(stage: Stage, sights: Sights) -> dict[str, Path]:
    """A file on each volume, to see later what became of it."""
    directories = {name: sight.directory for name, sight in sights.items() if sight.directory}
    for directory in directories.values():
        (directory / NOTE).write_text(TEXT)
    stage.check("a note was written into the directory of each volume", len(directories) == 3)
    return directories


def renew(stage: Stage, before: Instant | None) -> None:
    stage.tell("One is renewed in time: its total of purchased periods is raised from 1 to 6.")
    stage.run("patch", "ppi", "renewed", "--type", "merge", "-p", '{"spec":{"purchasedPeriods":6}}')
    stage.wait("renewed: its expiration moved, and it was never interrupted", lambda seen: has_moved(seen["renewed"], before))


def expire(stage: Stage, directories: dict[str, Path]) -> None:
    stage.tell("The other two are not renewed. Their terms end.")
    claim = "expired: their pods are gone, they lie in the Recycle Bin, their volumes are still Bound"
    stage.wait(claim, lambda seen: all(is_in_bin(seen[name]) for name in ("recovered", "abandoned")))
    stage.check("their notes are still there", all(has_note(directories[name]) for name in ("recovered", "abandoned")))
    stage.wait("the renewed one runs on", lambda seen: is_up(seen["renewed"]))
    stage.run("get", "rbi,pods,pvc")


def recover(stage: Stage, directory: Path) -> None:
    stage.tell("One is recovered from the bin, for six more periods.")
    patch = '{"spec":{"disposition":"Recover","periods":6}}'
    stage.run("patch", "rbi", "recovered", "--type", "merge", "-p", patch)
    claim = "recovered: it runs again, and its bin item is gone"
    stage.wait(claim, lambda seen: is_up(seen["recovered"]) and not seen["recovered"].has_item)
    stage.check("on the same data", has_note(directory))


def end(stage: Stage, directory: Path) -> None:
    stage.tell("The other one is left alone. Its 30 seconds in the bin pass.")
    sights = stage.wait("released: it is Terminated, and its volume is gone", lambda seen: is_erased(seen["abandoned"]))
    stage.check(f"its directory on disk is gone: {directory}", not directory.exists())
    status = sights["abandoned"].instance.status
    times = (status.expiration_time, status.recycle_time, status.release_time, status.termination_time)
    stage.check("no step came early", all(earlier and later and earlier <= later for earlier, later in pairwise(times)))
    stage.run("get", "ppi,rbi,pods,pvc")
    check_books(stage)
    stage.run("get", "events", "--field-selector", "involvedObject.kind=PrepaidInstance", "--sort-by", ".metadata.creationTimestamp")


def check_books(stage: Stage) -> None:
    """Every yuan that was charged stands in the ledger: 3 first terms, 5 and 6 more."""
    stage.run("get", "rno,ppa")
    charged, ledger = money_of(stage.kubectl)
    stage.check(f"the account was charged {charged}, which is the sum of the ledger, for 14 periods", charged == ledger == Decimal("21.00"))


def is_unpaid(sight: Sight) -> bool:
    paid = [condition.status for condition in sight.instance.status.conditions if condition.type == "Paid"]
    return sight.instance.status.phase is Phase.PENDING and paid == ["False"] and not sight.pods


def is_up(sight: Sight) -> bool:
    ready = any(condition.type == "Ready" and condition.status == "True" for condition in sight.instance.status.conditions)
    return ready and sight.instance.status.phase is Phase.RUNNING and sight.pods == ("Running",) and sight.claim == "Bound"


def is_in_bin(sight: Sight) -> bool:
    return sight.instance.status.phase is Phase.RECYCLED and sight.has_item and not sight.pods and sight.claim == "Bound"


def is_erased(sight: Sight) -> bool:
    return sight.instance.status.phase is Phase.TERMINATED and not sight.claim and not sight.pods


def has_moved(sight: Sight, before: Instant | None) -> bool:
    now = sight.instance.status.expiration_time
    return before is not None and now is not None and now > before and is_up(sight)


def has_note(directory: Path) -> bool:
    note = directory / NOTE
    return note.exists() and note.read_text() == TEXT
