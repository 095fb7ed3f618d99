"""Whether a part says that it is ready. Asks on loopback only."""

import http.client
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Final

from prepaid.local.flags import API, CONTROLLERS, KWOK, SCHEDULER
from prepaid.local.personas import OPERATOR
from prepaid.local.ports import LOOPBACK

ANSWER_SECONDS: Final = 3
READY_PATHS: Final = {API: "/readyz", CONTROLLERS: "/healthz", SCHEDULER: "/readyz", KWOK: "/healthz", OPERATOR: "/readyz"}
PLAIN: Final = (KWOK, OPERATOR)
"""They answer over http; the others have certificates of their own making, which are not checked for a question without a secret."""


@dataclass(frozen=True)
class Probe:
    """One question: 200 means ready."""

    url: str

    def is_ready(self) -> bool:
        """False also when nobody answers."""
        handler = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), handler)
        try:
            with opener.open(self.url, timeout=ANSWER_SECONDS) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            return False


def probe_at(part: str, port: int) -> Probe:
    """The question to this part."""
    scheme = "http" if part in PLAIN else "https"
    return Probe(f"{scheme}://{LOOPBACK}:{port}{READY_PATHS[part]}")
