"""Every bound and every rule of crds/ on a real API server: what is accepted, and beside it what is refused and why.

All writes but those of the fixture are dry runs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from kubernetes import client, config

from bounds import Case, cases
from cluster.apiserver import AS_THE_OPERATOR
from cluster.kstatus import WRITTEN_BY_HAND
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.crd import root_schema
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import A_WEEK, InstanceClass
from prepaid.api.kinds import KINDS
from prepaid.api.resource import API_VERSION, Resource
from prepaid.local.plane import ControlPlane
from schema_rules import CLOSED, CLOSING, RULE_CASES, RuleCase, Write, merged
from specimens import Manifest, specimen

HOUSE = WRITTEN_BY_HAND
"""The namespace that holds the specimens."""
GARDEN = "schema-empty"
"""The namespace in which every name is free."""
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CREATED, OK, BAD_REQUEST, INVALID = 201, 200, 400, 422


@dataclass(frozen=True)
class Answer:
    """What the API server said."""

    status: int
    body: Manifest

    @property
    def accepts(self) -> bool:
        return self.status in (OK, CREATED)

    def refuses(self, field: str, words: str) -> bool:
        """Whether it refuses this field, or something below it, in these words; the whole object is the empty field."""
        causes = self.body.get("details", {}).get("causes", [])
        return self.status == INVALID and any(
            cause["field"].replace("<nil>", "").startswith(field) and words in cause["message"] for cause in causes
        )


@dataclass(frozen=True)
class Server:
    """The API server, one call each, without the client's own opinion about errors."""

    api: client.ApiClient

    def call(
        self, method: str, path: str, body: Manifest | None = None, content_type: str = JSON, accept: str = JSON, **query: str
    ) -> Answer:
        headers = {"Accept": accept, "Content-Type": content_type}
        request = self.api.param_serialize(
            method, path, query_params=list(query.items()), header_params=headers, body=body, auth_settings=["BearerToken"]
        )
        response = self.api.call_api(*request)
        return Answer(response.status, json.loads(response.read()))

    def create(self, kind: type[Resource], body: Manifest, namespace: str = HOUSE, **query: str) -> Answer:
        return self.call("POST", place(kind, namespace), body, fieldValidation="Strict", **query)

    def state(self, kind: type[Resource], status: Manifest) -> Answer:
        """A dry run of the specimen's status."""
        return self.patch(kind, "specimen", "status", {"status": status}, dryRun="All")

    def patch(self, kind: type[Resource], name: str, part: str, change: Manifest, **query: str) -> Answer:
        path = "/".join((place(kind, HOUSE), name, *([part] if part else [])))
        return self.call("PATCH", path, change, MERGE_PATCH, fieldValidation="Strict", **query)

    def try_to_create(self, kind: type[Resource], body: Manifest) -> Answer:
        """A dry run where no name is taken."""
        if not kind.namespaced and body["metadata"]["name"] == "specimen":
            body = merged(body, {"metadata": {"name": "new"}})
        return self.create(kind, body, GARDEN, dryRun="All")


def place(kind: type[Resource], namespace: str) -> str:
    """Where the objects of a kind are."""
    return f"/apis/{API_VERSION}/{f'namespaces/{namespace}/' if kind.namespaced else ''}{kind.plural}"


@pytest.fixture(scope="module")
def server(control_plane: ControlPlane) -> Iterator[Server]:
    """A server that holds a specimen of each kind, and two bin items behind the door."""
    with config.new_client_from_config(config_file=str(control_plane.kubeconfig("admin"))) as api:
        api.default_headers.update(AS_THE_OPERATOR)
        server = Server(api)
        for namespace in (HOUSE, GARDEN):
            server.call("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
        for kind in KINDS:
            answer = server.create(kind, without_status(specimen(kind)))
            assert answer.accepts, answer
        add_item(server, CLOSING, "Terminating")
        add_item(server, CLOSED, "Terminated")
        yield server
        server.call("DELETE", f"{place(InstanceClass, HOUSE)}/specimen")
        server.call("DELETE", f"/api/v1/namespaces/{HOUSE}")


def without_status(manifest: Manifest) -> Manifest:
    return {name: value for name, value in manifest.items() if name != "status"}


def add_item(server: Server, name: str, phase: str) -> None:
    """A bin item in a phase."""
    item = merged(specimen(RecycleBinItem), {"metadata": {"name": name}, "spec": {"instanceRef": {"name": name}, "confirm": None}})
    answers = server.create(RecycleBinItem, item), server.patch(RecycleBinItem, name, "status", {"status": {"phase": phase}})
    assert all(answer.accepts for answer in answers), answers


def answer_to(server: Server, kind: type[Resource], write: Write) -> Answer:
    if write.on:
        return server.patch(kind, write.on, write.part, dict(write.change), dryRun="All")
    return server.try_to_create(kind, merged(specimen(kind), write.change))


def answer_to_edge(server: Server, case: Case) -> Answer:
    if case.part == "status":
        return server.state(case.kind, case.body["status"])
    return server.try_to_create(case.kind, case.body)


@pytest.mark.parametrize("case", [pytest.param(case, id=str(case)) for kind in KINDS for case in cases(kind)])
def test_a_bound_holds(server: Server, case: Case) -> None:
    answer = answer_to_edge(server, case)
    assert answer.refuses(case.field, case.edge.refusal) if case.edge.refusal else answer.accepts, answer


@pytest.mark.parametrize(
    ("rule", "write"), [pytest.param(rule, write, id=f"{rule.kind.kind}: {write.what}") for rule in RULE_CASES for write in rule.accepted]
)
def test_a_rule_lets_pass(server: Server, rule: RuleCase, write: Write) -> None:
    answer = answer_to(server, rule.kind, write)
    assert answer.accepts, answer


@pytest.mark.parametrize(
    ("rule", "write"), [pytest.param(rule, write, id=f"{rule.kind.kind}: {write.what}") for rule in RULE_CASES for write in rule.refused]
)
def test_a_rule_refuses(server: Server, rule: RuleCase, write: Write) -> None:
    answer = answer_to(server, rule.kind, write)
    assert answer.refuses(rule.field, rule.words), answer


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])
def test_the_server_takes_what_a_model_writes(server: Server, kind: type[Resource]) -> None:
    written = kind.parse(specimen(kind)).to_manifest()
    answers = server.try_to_create(kind, without_status(written)), server.state(kind, written["status"])
    assert all(answer.accepts for answer in answers), answers


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])
def test_the_server_and_the_models_have_the_same_defaults(server: Server, kind: type[Resource]) -> None:
    bare = kind.parse(without_status(least_of(kind))).to_manifest()
    filled = server.try_to_create(kind, bare).body
    assert kind.parse(filled).to_manifest()["spec"] == bare["spec"]


def least_of(kind: type[Resource]) -> Manifest:
    """The specimen with nothing but what must be written."""
    required = root_schema(kind)["properties"]["spec"]["required"]
    whole = specimen(kind)
    return {**whole, "spec": {name: whole["spec"][name] for name in required}}


def test_the_server_fills_in_what_a_class_leaves_out(server: Server) -> None:
    spec = {"price": {"amount": "0", "currency": "CNY"}, "period": {"unit": "Month"}, "timeZone": "UTC", "retention": {"count": 3}}
    filled = server.try_to_create(InstanceClass, {**specimen(InstanceClass), "spec": spec}).body
    assert InstanceClass.parse(filled).spec.retention == A_WEEK.model_copy(update={"count": 3})


def test_a_bin_item_is_born_recycled_whatever_its_maker_says(server: Server) -> None:
    answer = server.try_to_create(RecycleBinItem, {**specimen(RecycleBinItem), "status": {"phase": "Terminated"}})
    assert answer.body["status"] == {"phase": "Recycled"}


@pytest.mark.parametrize(
    ("kind", "field"),
    [pytest.param(kind, path.removeprefix("."), id=f"{kind.kind} by {path}") for kind in KINDS for path in kind.selectable],
)
def test_a_kind_is_listed_by_its_selectable_fields(server: Server, kind: type[Resource], field: str) -> None:
    def count(selector: str) -> int:
        return len(server.call("GET", place(kind, HOUSE), fieldSelector=selector).body["items"])

    assert (count(f"{field}=nothing"), count(f"{field}!=nothing")) == (0, 1)


def test_a_list_by_another_field_is_refused(server: Server) -> None:
    assert server.call("GET", place(PrepaidInstance, HOUSE), fieldSelector="spec.account=default").status == BAD_REQUEST


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])
def test_kubectl_get_fits_into_80_characters(server: Server, kind: type[Resource]) -> None:
    assert server.patch(kind, "specimen", "status", {"status": specimen(kind)["status"]}).accepts
    table = server.call("GET", f"{place(kind, HOUSE)}/specimen", accept="application/json;as=Table;g=meta.k8s.io;v=v1").body
    (row,) = table["rows"]
    shown = [
        (column["name"], str(cell)) for column, cell in zip(table["columnDefinitions"], row["cells"], strict=True) if not column["priority"]
    ]
    assert sum(max(len(name), len(cell)) + 3 for name, cell in shown) - 3 <= 80
    assert "<invalid>" not in row["cells"]
