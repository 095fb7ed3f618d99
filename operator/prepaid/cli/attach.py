"""`prepaid attach` and `prepaid detach`: which elastic resources an instance wants, and what becomes of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from prepaid.api.instance import AttachmentRecord, AttachmentReference, AttachmentState, PrepaidInstance
from prepaid.cli.batch import Batch, Manner, Task
from prepaid.cli.choosing import chosen
from prepaid.cli.completion import complete_resource
from prepaid.cli.exit_codes import ExitCode
from prepaid.cli.failures import Failure
from prepaid.cli.looking import newest
from prepaid.cli.options import Choice, Handling, Name, Place
from prepaid.cli.results import Outcome, Result
from prepaid.cli.session import Session, run
from prepaid.lifecycle.attachment_records import IN_BIN, UNDER_WAY
from prepaid.lifecycle.showing_resources import attached_list, attachment_standing, detached_list

Resources = Annotated[
    list[str],
    typer.Argument(help="Names of elastic resources.", autocompletion=complete_resource, metavar="RESOURCE", show_default=False),
]
Change = Callable[[Sequence[AttachmentReference], Sequence[str]], list[str]]


def attach(name: Name, resources: Resources, how: Handling, where: Place) -> None:
    """Attach elastic resources to an instance. What another one holds is waited for."""
    change(name, resources, attached_list, what_came, how, where)


def detach(name: Name, resources: Resources, how: Handling, where: Place) -> None:
    """Take elastic resources off an instance. They live on, and are charged while idle."""
    change(name, resources, detached_list, what_went, how, where)


def change(name: str, resources: list[str], wanted: Change, told: "Told", how: Handling, where: Place) -> None:
    """One write of the owner's list, then a line for each resource."""

    async def work(here: Session) -> ExitCode:
        (instance,) = await chosen(Choice([name]), here)
        names = new_list(wanted, instance, resources)
        tasks = [Fitting(here, instance, one, names, told).task() for one in dict.fromkeys(resources)]
        return await Batch(tasks, Manner.of(how), []).carry_out()

    run(where.target(is_rehearsal=how.dry_run), work)


def new_list(wanted: Change, instance: PrepaidInstance, resources: Sequence[str]) -> list[str]:
    """Raises Failure where it cannot be."""
    try:
        return wanted(instance.spec.attachments, resources)
    except ValueError as error:
        raise Failure(str(error)) from None


Told = Callable[[str, AttachmentRecord | None], Result | None]


@dataclass(frozen=True)
class Fitting:
    """One resource of an instance: `names` is the whole list that its owner wants."""

    here: Session
    instance: PrepaidInstance
    resource: str
    names: list[str]
    told: Told

    def task(self) -> Task:
        return Task(self.resource, self.send, self.look)

    async def send(self) -> None:
        """The first one writes the list for all. Raises ClusterError; Conflict where somebody changed the instance meanwhile."""
        instance = await newest(self.instance, self.here)
        if [reference.name for reference in instance.spec.attachments] != self.names:
            await self.here.cluster.patch(instance, {"spec": {"attachments": [{"name": name} for name in self.names]}})

    async def look(self) -> Result | None:
        """What the operator says of it, once it has seen this list."""
        instance = await newest(self.instance, self.here)
        if instance.status.observed_generation < instance.metadata.generation:
            return None
        record = next((known for known in instance.status.attachments if known.name == self.resource), None)
        return self.told(self.resource, record)


def what_came(name: str, record: AttachmentRecord | None) -> Result | None:
    """Attached; or waiting for something that may take long, with the sentence that says for what."""
    if record is None or record.message == UNDER_WAY:
        return None
    is_waiting = record.state is AttachmentState.PENDING and record.message != IN_BIN
    return Result(name, Outcome.UNDECIDED if is_waiting else Outcome.DONE, attachment_standing(record))


def what_went(name: str, record: AttachmentRecord | None) -> Result | None:
    return None if record else Result(name, Outcome.DONE, "taken off")
