"""The command line as a person drives it: what it asks before money moves or data goes, and what it says after Ctrl-C."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from cluster.apiserver import CLASSES, INSTANCES, ITEMS, ORDERS, Api, Body
from cluster.operators import Operator, at_work, operator_of
from cluster.terminals import Desk, ended
from cluster.waiting import wait_for
from cluster.wares import a_class, an_instance
from prepaid.api.resource import API_VERSION
from prepaid.local.personas import ADMIN
from prepaid.local.plane import ControlPlane

NAMESPACE: Final = "desk"
LASTING: Final = ("declined", "agreed", "piped", "left", "first", "second", "repeated", "accepted", "waiting")
EXPIRED: Final = ("mistyped", "typed", "one-of-two", "two-of-two", "turned-down", "doomed-first", "doomed-second", "doomed-third")
IN_NAMESPACE: Final = ("-n", NAMESPACE)
RBAC: Final = "rbac.authorization.k8s.io/v1"


@dataclass(frozen=True)
class Office:
    """The desk of an administrator, the server, and the operator."""

    desk: Desk
    admin: Api
    meddler: Api
    operator: Operator

    def orders(self, instance: str) -> list[Body]:
        found = self.admin.list(ORDERS, NAMESPACE, fields=f"spec.instanceRef.name={instance}")["items"]
        return [order for order in found if order["spec"]["source"] == "Owner"]

    def status(self, name: str) -> dict[str, Any]:
        found = self.admin.get(INSTANCES, NAMESPACE, name)
        assert found is not None
        return dict(found["status"])

    def word(self, name: str) -> dict[str, Any]:
        """The spec of its bin item."""
        return dict(self.item(name)["spec"])

    def answer(self, name: str) -> str:
        """What its bin item says."""
        conditions = self.item(name).get("status", {}).get("conditions", [])
        return "".join(condition["message"] for condition in conditions)

    def item(self, name: str) -> Body:
        found = self.admin.get(ITEMS, NAMESPACE, name)
        assert found is not None
        return found

    def sell_short_for(self, amount: str) -> None:
        """Puts another price on what expires."""
        self.admin.merge(CLASSES, "", "desk-short", {"spec": {"price": {"amount": amount}}})


@pytest.fixture(scope="module")
def office(control_plane: ControlPlane, admin: Api, meddler: Api) -> Iterator[Office]:
    """Some that run for an hour, some in the bin for an hour, and money enough."""
    with at_work(operator_of(control_plane, "desk")) as operator:
        price = {"amount": "2.50", "currency": "CNY"}
        metadata, spec = {"name": "default", "namespace": NAMESPACE}, {"currency": "CNY", "deposited": "1000.00"}
        control_plane.kubectl().apply(
            [
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
                {"apiVersion": API_VERSION, "kind": "PrepaidAccount", "metadata": metadata, "spec": spec},
                a_class("desk-lasting", term=3600, price=price),
                a_class("desk-short", term=1, retention=3600, price=price),
                *(an_instance(NAMESPACE, name, "desk-lasting") for name in LASTING),
                *(an_instance(NAMESPACE, name, "desk-short") for name in EXPIRED),
            ]
        )
        wait_for("all are where they should be", lambda: phases(admin) == {"Running": set(LASTING), "Recycled": set(EXPIRED)})
        wait_for("the items are filed", lambda: len(admin.list(ITEMS, NAMESPACE)["items"]) == len(EXPIRED))
        yield Office(Desk(control_plane.kubeconfig(ADMIN)), admin, meddler, operator)


def phases(admin: Api) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for body in admin.list(INSTANCES, NAMESPACE)["items"]:
        found.setdefault(body.get("status", {}).get("phase", ""), set()).add(body["metadata"]["name"])
    return found


def test_money_is_asked_for_with_the_total_and_no_is_the_answer_of_a_bare_return(office: Office) -> None:
    terminal = office.desk.sit("renew", "declined", "--periods", "3", *IN_NAMESPACE)
    terminal.expect(r"declined +3 +7\.50 CNY")
    terminal.expect_exact("Pay 7.50 CNY in all, and no more? [y/N] ")
    terminal.sendline("")
    assert ended(terminal) == (5, "Nothing was bought.\r\n")
    assert office.orders("declined") == []


def test_a_rehearsal_shows_the_bill_and_orders_nothing(office: Office) -> None:
    done = office.desk.run("renew", "declined", "--periods", "3", "--dry-run", "-o", "json", *IN_NAMESPACE)
    (said,) = json.loads(done.out)["items"]
    assert (done.code, said["result"], said["amount"], said["currency"]) == (0, "would be done", "7.50", "CNY")
    assert done.err.endswith("It would cost 7.50 CNY in all.\n")
    assert office.orders("declined") == []


def test_a_rehearsal_without_the_money_ends_as_the_purchase_would(office: Office) -> None:
    done = office.desk.run("renew", "declined", "--periods", "1000", "--dry-run", *IN_NAMESPACE)
    assert (done.code, "declined: waiting for money: Account default lacks " in done.out) == (3, True)


def test_a_rehearsed_end_names_what_goes_and_what_stays(office: Office) -> None:
    done = office.desk.run("terminate", "mistyped", "--dry-run", *IN_NAMESPACE)
    assert (done.code, done.out) == (0, "mistyped: would be done: erased for good: no data; lives on: nothing\n")
    assert office.status("mistyped")["phase"] == "Recycled"


def test_yes_pays_what_was_shown_and_no_more(office: Office) -> None:
    terminal = office.desk.sit("renew", "agreed", *IN_NAMESPACE)
    terminal.expect_exact("[y/N] ")
    terminal.sendline("y")
    terminal.expect_exact("agreed: done: paid 2.50 CNY")
    assert ended(terminal)[0] == 0
    assert [order["spec"]["maxAmount"] for order in office.orders("agreed")] == ["2.50"]


@pytest.mark.parametrize("words", [("renew", "piped"), ("terminate", "mistyped")], ids=["renew", "terminate"])
def test_a_pipe_is_nobody_to_ask(office: Office, words: tuple[str, str]) -> None:
    done = office.desk.run(*words, *IN_NAMESPACE, given="y\npiped\nmistyped\n")
    assert (done.code, done.out) == (5, "")
    assert done.err == "There is no terminal to ask at: look at it with --dry-run, and say --yes if it is what you want.\n"
    assert (office.orders("piped"), office.status("mistyped")["phase"]) == ([], "Recycled")


def test_the_end_names_what_goes_and_what_stays_and_wants_the_name(office: Office) -> None:
    terminal = office.desk.sit("terminate", "mistyped", *IN_NAMESPACE)
    terminal.expect_exact("mistyped: erased for good: no data")
    terminal.expect_exact("mistyped: lives on: nothing")
    terminal.expect_exact("make a backup")
    terminal.expect_exact("Type the name of the instance to erase: ")
    terminal.sendline("mistped")
    assert ended(terminal) == (5, "That is not it. Nothing was terminated.\r\n")
    assert office.status("mistyped")["phase"] == "Recycled"


def test_the_name_opens_the_door(office: Office) -> None:
    terminal = office.desk.sit("terminate", "typed", *IN_NAMESPACE)
    terminal.expect_exact("to erase: ")
    terminal.sendline("typed")
    terminal.expect_exact("typed: done: Erased at")
    assert ended(terminal)[0] == 0
    assert office.status("typed")["phase"] == "Terminated"


def test_for_many_it_wants_their_number(office: Office) -> None:
    terminal = office.desk.sit("terminate", "one-of-two", "two-of-two", *IN_NAMESPACE)
    terminal.expect_exact("Type the number of instances (2) to erase: ")
    terminal.sendline("2")
    terminal.expect_exact("2 in all: 2 done.")
    assert ended(terminal)[0] == 0


def test_what_runs_is_not_terminated_and_nobody_is_asked(office: Office) -> None:
    done = office.desk.run("terminate", "piped", *IN_NAMESPACE)
    assert (done.code, "it can be terminated once it is in the bin" in done.out) == (1, True)


def test_ctrl_c_at_the_question_buys_nothing(office: Office) -> None:
    terminal = office.desk.sit("renew", "left", *IN_NAMESPACE)
    terminal.expect_exact("[y/N] ")
    terminal.sendintr()
    code, rest = ended(terminal)
    assert (code, "Nothing was bought." in rest, office.orders("left")) == (130, True, [])


def test_ctrl_c_in_a_batch_says_what_was_done_and_what_was_not(office: Office) -> None:
    office.operator.pause()
    try:
        terminal = office.desk.sit("renew", "first", "second", "--yes", *IN_NAMESPACE)
        wait_for("both are asked for", lambda: len(office.orders("first")) == len(office.orders("second")) == 1)
        settle_by_hand(office, office.orders("first")[0])
        terminal.expect_exact("first: done: paid 2.50 CNY")
        terminal.expect("1/2")
        terminal.sendintr()
        terminal.expect_exact("second: not decided yet: asked for, then ended by Ctrl-C")
        terminal.expect_exact("2 in all: 1 done, 1 not decided yet; paid 2.50 CNY.")
        assert ended(terminal)[0] == 130
    finally:
        office.operator.resume()


def test_ctrl_c_in_a_batch_that_terminates_says_for_each_how_it_stands(office: Office) -> None:
    doomed = [name for name in EXPIRED if name.startswith("doomed")]
    office.operator.pause()
    try:
        terminal = office.desk.sit("terminate", *doomed, "--yes", *IN_NAMESPACE)
        wait_for("all are condemned", lambda: {office.word(name)["disposition"] for name in doomed} == {"Terminate"})
        terminal.expect("waiting")
        terminal.sendintr()
        for name in doomed:
            terminal.expect_exact(f"{name}: not decided yet: asked for, then ended by Ctrl-C")
        terminal.expect_exact("3 in all: 3 not decided yet.")
        assert ended(terminal)[0] == 130
    finally:
        office.operator.resume()
    again = office.desk.run("terminate", *doomed, "--yes", *IN_NAMESPACE)
    assert (again.code, again.out.count(": done: Erased at ")) == (0, 3)


def settle_by_hand(office: Office, order: Body) -> None:
    """As the operator would: it stands still meanwhile."""
    status = {"phase": "Settled", "amount": "2.50", "currency": "CNY", "toTime": "2027-01-01T00:00:00Z"}
    office.meddler.merge(ORDERS, NAMESPACE, order["metadata"]["name"], {"status": status}, "status")


def test_a_command_that_is_said_again_buys_once(office: Office) -> None:
    words = ("renew", "repeated", "--yes", *IN_NAMESPACE)
    office.operator.pause()
    try:
        cut_off = [office.desk.run(*words, "--timeout", "0s").code for _ in range(2)]
    finally:
        office.operator.resume()
    wait_for("it is bought", lambda: office.status("repeated")["periods"] == 2)
    wait_for("it is settled", lambda: office.orders("repeated")[0].get("status", {}).get("phase") == "Settled")
    again = office.desk.run(*words)
    assert (cut_off, again.code, "--again buys once more" in again.out) == ([4, 4], 0, True)
    assert (len(office.orders("repeated")), office.status("repeated")["periods"]) == (1, 2)


def test_a_recover_that_was_turned_down_is_said_anew_by_the_same_words(office: Office) -> None:
    words = {"disposition": "Recover", "periods": 2000, "maxAmount": "300.00"}
    office.admin.merge(ITEMS, NAMESPACE, "turned-down", {"spec": words})
    wait_for("it is turned down", lambda: "to Retain, then to Recover" in office.answer("turned-down"))
    office.sell_short_for("0.15")
    done = office.desk.run("recover", "turned-down", "--periods", "2000", "--yes", *IN_NAMESPACE)
    office.sell_short_for("2.50")
    assert (done.code, done.out.startswith("turned-down: done: paid 300.00 CNY; it runs until ")) == (0, True)


def test_what_waits_for_money_says_how_to_take_it_back(office: Office) -> None:
    done = office.desk.run("renew", "waiting", "--periods", "1000", "--yes", *IN_NAMESPACE)
    (order,) = [order["metadata"]["name"] for order in office.orders("waiting")]
    assert done.code == 3
    assert f"It is bought with the next deposit that suffices; `kubectl delete rno {order} -n desk` takes it back." in done.out
    office.admin.delete(ORDERS, NAMESPACE, order)
    wait_for("it is taken back", lambda: not office.orders("waiting"))


def test_what_is_not_waited_for_ends_well_once_it_is_accepted(office: Office) -> None:
    done = office.desk.run("renew", "accepted", "--no-wait", "--yes", *IN_NAMESPACE)
    assert (done.code, done.out) == (0, "accepted: asked for\n")


@pytest.mark.usefixtures("office")
def test_what_is_forbidden_in_the_middle_of_a_batch_is_told_by_its_own_line(control_plane: ControlPlane) -> None:
    control_plane.kubectl().apply([a_role("half", ["declined", "left"]), a_binding("half", "viewer")])
    viewer = Desk(control_plane.kubeconfig("viewer"))
    wait_for("the right is there", lambda: viewer.run("autorenew", "off", "left", "--dry-run", *IN_NAMESPACE).code == 0)
    done = viewer.run("autorenew", "off", "declined", "piped", "left", *IN_NAMESPACE)
    said = dict(line.split(": ", 1) for line in done.out.splitlines()[:3])
    assert (done.code, said["declined"][:4], said["left"][:4]) == (1, "done", "done")
    assert said["piped"].startswith("refused: You may not do this: ")
    assert "ask an administrator for the right" in said["piped"]


def a_role(name: str, instances: list[str]) -> Body:
    """May change these instances."""
    rule = {"apiGroups": ["prepaid.dev"], "resources": ["prepaidinstances"], "resourceNames": instances, "verbs": ["patch"]}
    metadata = {"name": name, "namespace": NAMESPACE}
    return {"apiVersion": RBAC, "kind": "Role", "metadata": metadata, "rules": [rule]}


def a_binding(role: str, user: str) -> Body:
    metadata, group = {"name": role, "namespace": NAMESPACE}, RBAC.partition("/")[0]
    subject = {"apiGroup": group, "kind": "User", "name": user}
    ref = {"apiGroup": group, "kind": "Role", "name": role}
    return {"apiVersion": RBAC, "kind": "RoleBinding", "metadata": metadata, "roleRef": ref, "subjects": [subject]}


def test_auto_renewal_is_switched_for_the_one_that_is_named(office: Office) -> None:
    done = office.desk.run("autorenew", "on", "declined", *IN_NAMESPACE)
    assert (done.code, done.out.startswith("declined: done: renews itself at ")) == (0, True)
    listed = json.loads(office.desk.run("list", "declined", "piped", *IN_NAMESPACE, "-o", "json").out)
    assert [item["auto"] for item in listed["items"]] == [True, False]


@pytest.mark.usefixtures("office")
def test_a_deposit_is_paid_in_once_and_its_receipt_is_told_first(control_plane: ControlPlane) -> None:
    cashier = Desk(control_plane.kubeconfig("cashier"))
    first, second = (cashier.run("deposit", "default", "5.00", "--receipt", "r-7", *IN_NAMESPACE) for _ in range(2))
    assert first.err.startswith("Receipt r-7: 5.00 CNY for account default.")
    assert (first.out, first.code) == ("Paid in 5.00 CNY: 1005.00 so far.\n", 0)
    assert (second.out.startswith("Receipt r-7 is paid in already: nothing was paid in now"), second.code) == (True, 0)
    assert [repeated_by(cashier, receipt) for receipt in ("r-7", "r-8")] == [True, False]


def repeated_by(cashier: Desk, receipt: str) -> bool:
    """What a rehearsal says."""
    said = cashier.run("deposit", "default", "9.00", "--receipt", receipt, "--dry-run", "-o", "json", *IN_NAMESPACE).out
    return bool(json.loads(said)["repeated"])


@pytest.mark.usefixtures("office")
def test_kubectl_completes_the_names_of_instances(control_plane: ControlPlane) -> None:
    desk = Desk(control_plane.kubeconfig(ADMIN))
    assert desk.complete("renew", *IN_NAMESPACE, "re").splitlines() == ["repeated", ":4"]
    assert desk.complete("rec").splitlines() == ["recover", ":4"]
    assert desk.complete("deposit", *IN_NAMESPACE, "def").splitlines() == ["default", ":4"]
    assert desk.complete("renew", "--context", "").splitlines() == [*contexts_of(desk.kubeconfig), ":4"]


def contexts_of(kubeconfig: Path) -> list[str]:
    return sorted(context["name"] for context in yaml.safe_load(kubeconfig.read_text())["contexts"])


def test_without_colour_there_is_none(control_plane: ControlPlane) -> None:
    terminal = Desk(control_plane.kubeconfig(ADMIN)).sit("--help", NO_COLOR="1")
    code, printed = ended(terminal)
    assert (code, "\x1b[3" in printed, "Exit codes: 0 all is done" in printed) == (0, False, True)


@pytest.mark.parametrize(
    ("words", "persona", "sentence"),
    [
        pytest.param(("renew", "agred"), "admin", "There is no PrepaidInstance agred in namespace desk; did you mean agreed?", id="a typo"),
        pytest.param(("list",), "bob", 'cannot list resource "prepaidinstances"', id="a verb that is forbidden"),
        pytest.param(("deposit", "default", "1"), "viewer", 'cannot patch resource "prepaidaccounts"', id="a deposit by nobody"),
        pytest.param(("list", "--context", "elsewhere"), "admin", "the kubeconfig has no context elsewhere", id="an unknown context"),
    ],
)
@pytest.mark.usefixtures("office")
def test_an_error_is_one_sentence(control_plane: ControlPlane, words: tuple[str, ...], persona: str, sentence: str) -> None:
    done = Desk(control_plane.kubeconfig(persona)).run(*words, *IN_NAMESPACE)
    assert (done.code, done.out) == (1, "")
    assert sentence.lower() in done.err.lower()
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(("bin", "-l", "a=b=c"), "-l a=b=c cannot be read", id="a selector that is none"),
        pytest.param(("renew",), "Name the instances, or select them", id="no name at all"),
        pytest.param(("renew", "agreed", "-l", "tier=web"), "Name instances or select them with -l, not both.", id="names and a selector"),
    ],
)
@pytest.mark.usefixtures("office")
def test_an_error_of_usage_is_one_sentence(control_plane: ControlPlane, words: tuple[str, ...], sentence: str) -> None:
    done = Desk(control_plane.kubeconfig(ADMIN)).run(*words, *IN_NAMESPACE)
    assert (done.code, done.out, sentence in done.err, "Traceback" in done.err) == (2, "", True, False)


@pytest.mark.parametrize(
    ("kubeconfig", "words"),
    [
        pytest.param("server: https://127.0.0.1:1", "does not answer", id="a cluster that is not reachable"),
        pytest.param("", "there is no kubeconfig at", id="no kubeconfig"),
    ],
)
def test_no_cluster_is_one_sentence(tmp_path: Path, kubeconfig: str, words: str) -> None:
    file = tmp_path / "kubeconfig"
    if kubeconfig:
        context = "contexts: [{name: a, context: {cluster: a, user: a}}]\ncurrent-context: a\n"
        clusters = f"clusters: [{{name: a, cluster: {{{kubeconfig}}}}}]\nusers: [{{name: a, user: {{}}}}]\n"
        file.write_text(f"apiVersion: v1\nkind: Config\n{clusters}{context}")
    done = Desk(file).run("list")
    assert (done.code, done.out, words in done.err.replace("There", "there"), done.err.count("\n")) == (1, "", True, 1)


@pytest.mark.parametrize("text", ["garbage: [\n", "mere words", ""], ids=["no YAML", "mere words", "an empty file"])
def test_a_garbled_kubeconfig_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text(text)
    done = Desk(file).run("list")
    assert (done.code, done.out, done.err.startswith("The kubeconfig is not written as one"), done.err.count("\n")) == (1, "", True, 1)
