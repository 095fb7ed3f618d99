"""Asks where another thread takes the signals: as if each came when the reading had begun, and yet before it waits."""

import signal
import threading

from prepaid.cli.asking import ask_to_pay
from prepaid.cli.failures import Failure

threading.Thread(target=threading.Event().wait, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
try:
    ask_to_pay("Pay", yes=False)
except Failure as failure:
    print(failure)  # noqa: T201
