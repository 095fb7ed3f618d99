"""What several sights have in common: read once, told to each of them as it was. Who has written since knows better."""

from collections.abc import Collection, Iterable

from whenever import Instant

from prepaid.api.resource import Resource
from prepaid.cluster.census import WORTH_OF_METADATA
from prepaid.cluster.client import METADATA_PAGE_SIZE, Cluster, endpoint_of, list_request, metadata_request
from prepaid.cluster.errors import ClusterError, Gone
from prepaid.cluster.transport import Answer, Asked, Request, asked_by
from prepaid.lifecycle.objects import Manifest


class Panorama:
    """Answers to questions that have not been asked yet. Its moment is to be taken when what is to be decided on has been read."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._answers: dict[Asked, Answer | ClusterError] = {}
        self._whole: set[str] = set()
        self._from_before: set[str] = set()
        self.moment: Instant | None = None

    async def take_in(self, kind: type[Resource], namespace: str = "") -> None:
        """The first page of a kind: the list itself, and each object in it; where there is no more, also that there is no other."""
        request = list_request(endpoint_of(kind), namespace)
        answer = await self._cluster.transport.call(request)
        self._answers[asked_by(request)] = answer
        for body in answer.body.get("items", []):
            self._answers[f"{request.path}/{body['metadata']['name']}", ()] = Answer(body)
        if not answer.body.get("metadata", {}).get("continue"):
            self._whole.add(request.path)

    async def take_in_names(self, kind: type[Resource], namespace: str, names: Collection[str]) -> Collection[str]:
        """Those of these names that there are: of the others it is known then that there is none.

        Where all are too many nothing is known.
        """
        request, census = metadata_request(endpoint_of(kind), namespace), self._cluster.census
        if not census.is_worth_a_page(request.path, min(len(names), METADATA_PAGE_SIZE // WORTH_OF_METADATA), WORTH_OF_METADATA):
            return ()
        page = (await self._cluster.transport.call(request)).body
        there = {body["metadata"]["name"] for body in page["items"] or ()}
        census.take(request.path, len(there) + page["metadata"].get("remainingItemCount", 0))
        if page["metadata"].get("continue"):
            return ()
        for name in set(names) - there:
            self.put_absent(f"{request.path}/{name}")
        return there.intersection(names)

    async def take_in_labelled(self, kind: type[Resource], namespace: str, labels: str) -> None:
        """Those of a kind that carry these labels, a page at most: each object in it."""
        for body in (await self._cluster.transport.call(list_request(endpoint_of(kind), namespace, labels))).body.get("items") or ():
            self.put_one(kind, body)

    async def take_in_one(self, kind: type[Resource], namespace: str, name: str) -> None:
        """One that no page may have shown. That it cannot be read is known then to whoever asks for it, and to nobody else."""
        request = Request("GET", endpoint_of(kind).path(namespace, name))
        if self.answer(asked_by(request)) is not None:
            return
        try:
            self._answers[asked_by(request)] = await self._cluster.transport.call(request)
        except ClusterError as error:
            self._answers[asked_by(request)] = error.with_traceback(None)

    async def take_in_objects(self, api_version: str, kind: str, namespace: str, labels: str) -> list[Manifest]:
        """Objects of any kind under a label selector, each under its name as well. Raises Gone for a kind that is not served."""
        endpoint = await self._cluster.discovery.endpoint(api_version, kind)
        found = await self._cluster.list_bodies(api_version, kind, namespace, labels)
        for body in found:
            self._answers[endpoint.path(namespace, body["metadata"]["name"]), ()] = Answer(dict(body))
        return found

    async def put_objects(self, api_version: str, kind: str, namespace: str, labels: str, bodies: Iterable[Manifest]) -> None:
        """What a list under another label selector would have brought."""
        endpoint = await self._cluster.discovery.endpoint(api_version, kind)
        self._answers[asked_by(list_request(endpoint, namespace, labels))] = Answer({"items": list(bodies)})

    def put_one(self, kind: type[Resource], body: Manifest) -> None:
        """One that a list under a selector has shown."""
        self._answers[endpoint_of(kind).path(body["metadata"]["namespace"], body["metadata"]["name"]), ()] = Answer(dict(body))

    def put_from_before(self, kind: type[Resource], body: Manifest) -> None:
        """One that was seen before anybody asked for this panorama."""
        self.put_one(kind, body)
        self._from_before.add(endpoint_of(kind).path(body["metadata"]["namespace"], body["metadata"]["name"]))

    def is_from_before(self, kind: type[Resource], namespace: str, name: str) -> bool:
        return endpoint_of(kind).path(namespace, name) in self._from_before

    def put_absent(self, path: str) -> None:
        """There was none."""
        self._answers[path, ()] = absent()

    def put(self, kind: type[Resource], namespace: str, fields: str, bodies: Iterable[Manifest]) -> None:
        """What a list under a field selector would have brought."""
        request = list_request(endpoint_of(kind), namespace, fields=fields)
        self._answers[asked_by(request)] = Answer({"items": list(bodies)})

    def take_moment(self) -> None:
        self.moment = self._cluster.now()

    def shows(self, kind: type[Resource], namespace: str, name: str) -> bool:
        """Whether it is known of this one how it was, or that there was none."""
        return self.answer((endpoint_of(kind).path(namespace, name), ())) is not None

    def answer(self, asked: Asked) -> Answer | ClusterError | None:
        """What is known of it: the answer, that there is none, or nothing."""
        found = self._answers.get(asked)
        is_none = found is None and asked[0].rpartition("/")[0] in self._whole
        return absent() if is_none else found


def absent() -> Gone:
    """One each time: an error keeps where it was raised."""
    return Gone("there was none in the list of all", "NotFound")
