"""Deliberate faults of the operator, each an edit of its source, and what the watchdog must say of it.

A sabotage is made in a copy of the package; the histories then run on the copy. An edit that no longer fits the source is an error.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Final

import prepaid

PACKAGE: Final = Path(prepaid.__file__).parent
TESTS: Final = Path(__file__).parents[1]
MOST_HISTORIES: Final = 400


@dataclass(frozen=True)
class Edit:
    """One place in a file of the package, and what stands there instead."""

    file: str
    old: str
    new: str

    def make(self, package: Path) -> None:
        path = package / self.file
        source = path.read_text()
        if source.count(self.old) != 1:
            raise LookupError(f"{self.file} has {source.count(self.old)} places that read {self.old!r}; bring the sabotage in step")
        path.write_text(source.replace(self.old, self.new))


@dataclass(frozen=True)
class Sabotage:
    """`words` is a part of the violation that gives it away; `profile` makes histories likely in which it matters."""

    name: str
    edits: tuple[Edit, ...]
    words: str
    profile: Mapping[str, Any] = field(default_factory=dict)

    def hunt(self, directory: Path) -> str:
        """The first violation of the operator that was sabotaged so, with its seed; empty when it was not caught."""
        package = directory / PACKAGE.name
        copytree(PACKAGE, package, ignore=ignore_patterns("__pycache__"))
        for edit in self.edits:
            edit.make(package)
        command = [sys.executable, "-m", "simulation.hunt", str(MOST_HISTORIES), json.dumps(self.profile)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(directory), str(TESTS)))}
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


SMOOTH: Final = {"attachers": 0.0, "loss": 0.0, "deaths": 0.0, "gaps": 0.0, "strangers": 0.0, "administrators": 0.0}
TAKING_IN_INSTANCES: Final = "    await take_in_instances(keys, panorama, cluster, together, walks)\n"
BRIEF: Final = {"period_seconds": 8, "retention": {"count": 20, "unit": "Second", "rounding": "Exact"}}
ONE: Final = SMOOTH | BRIEF | {"names": ["web-1"], "renewal_anchor": "RenewalTime", "turns": [0, 10, 40, 120], "moves": 120, "holds": 0.2}
FREE: Final = ONE | {"accounts": [], "cashiers": 0.0, "price": "0", "buyers": 0.0}
PAID: Final = ONE | {"accounts": ["default"], "cashiers": 0.1, "price": "2.50", "buyers": 0.2}
TWO_ACCOUNTS: Final = PAID | {"accounts": ["default", "second"]}
ROUGH: Final = {"deaths": 0.05, "loss": 0.05}
"""One instance with short terms and stays, whose owner is busy: what its life has in it comes up again and again."""

SABOTAGES: Final = (
    Sabotage(
        "clear the intent at the grant",
        (
            Edit(
                "lifecycle/purchasing.py",
                'status = acted_on(outcome, intent).model_copy(update={"intent": granted})',
                "status = ended(acted_on(outcome, intent))",
            ),
        ),
        "were granted without a purchase",
    ),
    Sabotage(
        "read the account after the instance",
        (
            Edit(
                "control/accounts.py",
                "        account = await self.debit(key, account, debited(",
                "        account = await self.cluster.read(PrepaidAccount, key.namespace, key.name) or account\n"
                "        kept = await self.without_old_entries(account, [customer.instance for customer in customers])\n"
                "        kept = with_idle_charges(kept, resources, now)\n"
                "        account = await self.debit(key, account, debited(",
            ),
        ),
        "which is not open|is decided again|were charged; it is|was to pay|was charged",
        PAID | ROUGH,
    ),
    Sabotage(
        "read accounts that are looked at together after their customers",
        (
            Edit(
                "control/business.py",
                "    return Business(calls, accounts, waiting, await seen_of(namespace, names, cluster, together))\n",
                "    panorama = await seen_of(namespace, names, cluster, together)\n"
                "    found = zip(calls, await together(readable(key, cluster) for key in calls), strict=True)\n"
                "    return Business(calls, {key: account for key, account in found if account}, waiting, panorama)\n",
            ),
        ),
        "which is not open|is decided again|were charged; it is|was to pay|was charged",
        TWO_ACCOUNTS | ROUGH,
    ),
    Sabotage(
        "take spec.account instead of the intent's",
        (
            Edit(
                "lifecycle/payers.py",
                "    if intent and intent.account:\n        return intent.account.uid == account.metadata.uid\n",
                "",
            ),
            Edit(
                "lifecycle/cashier.py",
                "intent is None or intent.account is None or intent.account.uid != account.metadata.uid",
                "intent is None",
            ),
        ),
        "was to pay|were paid for|is charged|were charged",
        TWO_ACCOUNTS,
    ),
    Sabotage(
        "reject after release",
        (
            Edit(
                "lifecycle/purchasing.py",
                "    if order is not None and not has_ended(order):\n"
                "        return silently(facts, WriteOrderStatus(rejected_order(order, intent, problem, facts.now)))\n",
                "",
            ),
            Edit(
                "control/instances.py",
                "        await self.let_go(facts, instance)\n",
                "        await self.let_go(facts, instance)\n"
                "        refused, order = facts.status.intent, facts.seen.intent_order\n"
                "        if refused and order and refused.state.value == 'Refused' and instance.status.intent is None:\n"
                "            from prepaid.lifecycle.orders import rejected_order\n"
                "            why = Problem(Reason(refused.reason), refused.message)\n"
                "            await self.cluster.write_status(rejected_order(order, refused, why, facts.now))\n",
            ),
        ),
        "is rejected although it was paid",
        PAID | {"administrators": 0.3},
    ),
    Sabotage(
        "take an order that names a predecessor",
        (Edit("lifecycle/ordering.py", 'return order.spec.instance_ref.uid in ("", uid)', "return True"),),
        "asks for something else|is not there|is not let go",
        PAID | {"buyers": 0.4},
    ),
    Sabotage(
        "leave the finalizer of an order off",
        (
            Edit("lifecycle/purchasing.py", "    if not is_taken(application.order):\n", "    if False:\n"),
            Edit("control/counter.py", "(payer.is_cancelled or payer.is_taken or await self.take(payer))", "True"),
            Edit("lifecycle/cashier.py", "not payer.is_cancelled and ", ""),
        ),
        "or may vanish|vanished",
        PAID,
    ),
    Sabotage(
        "read the orders before the item",
        (
            Edit("control/observe.py", "    item = await cluster.read(RecycleBinItem, namespace, name)\n", ""),
            Edit("control/observe.py", "        item=item,\n", "        item=await cluster.read(RecycleBinItem, namespace, name),\n"),
        ),
        "it is terminated although a renewal was accepted",
        FREE,
    ),
    Sabotage(
        "write a status on whatever version there is",
        (
            Edit(
                "cluster/client.py",
                '        manifest["metadata"] = identity(resource.metadata)\n',
                "        newest = await self.read(type(resource), resource.metadata.namespace, resource.metadata.name)\n"
                '        manifest["metadata"] = identity((newest or resource).metadata)\n',
            ),
        ),
        "were paid for|were charged|shows a balance|asked for|now ends at|forgot what it decided",
        PAID | ROUGH,
    ),
    Sabotage(
        "patch whatever version there is",
        (
            Edit(
                "cluster/client.py",
                '    known = {"uid": metadata.uid, "resourceVersion": metadata.resource_version}\n    body',
                '    known = {"uid": metadata.uid}\n    body',
            ),
        ),
        "is stopped although it is paid",
        FREE,
    ),
    Sabotage(
        "obey the item of an earlier stay",
        (Edit("lifecycle/facts.py", " or item.spec.instance_ref.stay != self.status.stay", ""),),
        "and may go at",
        FREE,
    ),
    Sabotage(
        "forget to clear releaseTime",
        (Edit("lifecycle/granting.py", '            "release_time": None,\n', ""),),
        "still in the bin|with recycleTime None",
        FREE,
    ),
    Sabotage(
        "recycle on a look older than the deadline",
        (
            Edit(
                "control/look.py",
                "return Facts(instance, seen, now, clocks_agree)",
                "return Facts(instance, seen, cluster.clock.now(), clocks_agree)",
            ),
        ),
        "it is recycled although",
        PAID | {"buyers": 0.4},
    ),
    Sabotage(
        "read the instances of a crowd after their orders",
        (
            Edit("control/crowd.py", TAKING_IN_INSTANCES, ""),
            Edit("control/crowd.py", "    return panorama\n", f"{TAKING_IN_INSTANCES}    return panorama\n"),
        ),
        "was to pay|were charged|is decided again|is bought although it has ended",
        PAID | {"buyers": 0.4},
    ),
    Sabotage(
        "resume by the entries that are left",
        (Edit("control/accounts.py", "resumed = to_resume(account, customers)", "resumed = to_resume(kept, customers)"),),
        "were charged|is decided again",
        PAID | {"buyers": 0.4},
    ),
    Sabotage(
        "start without a stamp",
        (Edit("lifecycle/running.py", '        STAY: stamp(facts, "running"),\n', ""),),
        "is stopped although it is paid",
        FREE,
    ),
    Sabotage(
        "touch a workload on an instance that was read before it",
        (Edit("control/instances.py", " or await self.is_overtaken(facts, decision, sight):\n", ":\n"),),
        "is stopped although it is paid",
        FREE,
    ),
    Sabotage(
        "recycle a second early",
        (
            Edit(
                "lifecycle/recycling.py",
                "return facts.now >= facts.term.expiration_time",
                "return facts.now >= facts.term.expiration_time.subtract(seconds=1)",
            ),
        ),
        "before its end|with recycleTime",
    ),
    Sabotage(
        "count the days in the bin from the expiration",
        (
            Edit(
                "lifecycle/recycling.py",
                "release_time(term.expiration_time, facts.now,",
                "release_time(term.expiration_time, term.expiration_time,",
            ),
            Edit("lifecycle/bin_items.py", "    if item is None or item.metadata.creation_timestamp is None:\n", "    if True:\n"),
        ),
        "it entered the bin at|with recycleTime",
    ),
    Sabotage(
        "open the door without locking the item",
        (Edit("lifecycle/recycling.py", "    if item.status.phase is not BinItemPhase.TERMINATING:\n", "    if False:\n"),),
        "and may go at",
        FREE,
    ),
    Sabotage(
        "debit what is not there",
        (Edit("lifecycle/cashier.py", "charged + intent.amount <= account.spec.deposited", "True"),),
        "drove the balance",
        PAID | ROUGH | {"cashiers": 0.4},
    ),
    Sabotage(
        "take the word on an earlier purchase for this one",
        (
            Edit(
                "lifecycle/purchasing.py",
                "return entry.outcome if entry and entry.sequence == intent.sequence else None",
                "return entry.outcome if entry else None",
            ),
        ),
        "that were never paid",
        PAID | ROUGH,
    ),
    Sabotage(
        "clear a purchase before it is settled",
        (
            Edit(
                "lifecycle/purchasing.py",
                "if not is_in_state(facts, IntentState.GRANTED) or is_unsettled(facts) or facts.seen.hidden:",
                "if not is_in_state(facts, IntentState.GRANTED):",
            ),
        ),
        "its order is not settled",
        PAID,
    ),
    Sabotage(
        "buy an emptied instance anew",
        (
            Edit(
                "lifecycle/rebuilding.py",
                "return is_empty and not is_restored_copy(facts) and bool(settled_history(facts))",
                "return False",
            ),
            Edit(
                "lifecycle/rules.py",
                '    Rule(has_lost_its_status, hold_lost, "what has lived is never bought a second time (P15)"),\n',
                "",
            ),
        ),
        "it has 0 periods|were granted|became",
        {"carelessness": 1.0},
    ),
    Sabotage(
        "drop an item that is newer than the look",
        (Edit("lifecycle/bin_items.py", "    return not is_known and filed is not None and filed >= facts.now", "    return False"),),
        "the item of the present stay is dropped",
        FREE,
    ),
)
