"""How kopf is set: an event source and a timer, nothing else. Every value was measured (architecture.md, "How a change flows")."""

import logging
from typing import Any

import kopf

from prepaid.api.marks import TIMER_FINALIZER

REQUEST_SECONDS = 20
PAGE_SIZE = 500


class NoProgress(kopf.ProgressStorage):
    """kopf keeps nothing on our objects: what users could forge, nobody reads."""

    def fetch(self, **_: Any) -> None:  # noqa: ANN401
        return None

    def store(self, **_: Any) -> None:  # noqa: ANN401
        return None

    def purge(self, **_: Any) -> None:  # noqa: ANN401
        return None

    def touch(self, **_: Any) -> None:  # noqa: ANN401
        return None

    def clear(self, *, essence: Any) -> Any:  # noqa: ANN401
        return essence


class NoDiffBase(kopf.DiffBaseStorage):
    """kopf compares nothing: we compare what is with what should be."""

    def build(self, **_: Any) -> Any:  # noqa: ANN401
        return {}

    def fetch(self, **_: Any) -> None:  # noqa: ANN401
        return None

    def store(self, **_: Any) -> None:  # noqa: ANN401
        return None


def apply_settings(settings: kopf.OperatorSettings) -> None:
    """Changes kopf's settings in place."""
    settings.persistence.finalizer = TIMER_FINALIZER
    settings.persistence.progress_storage = NoProgress()
    settings.persistence.diffbase_storage = NoDiffBase()
    settings.posting.enabled = False
    settings.peering.standalone = True
    settings.watching.chunk_size = PAGE_SIZE
    settings.watching.initial_streaming = False
    settings.queueing.idle_timeout = 0.05
    settings.queueing.worker_limit = None
    settings.networking.request_timeout = REQUEST_SECONDS
    settings.process.ultimate_exiting_timeout = None
    logging.getLogger("kopf.objects").setLevel(logging.WARNING)
