"""The table in the README is that of the run in docs/."""

import json

from bench.readme import BEGIN, END, README, RUN, TABLE, section
from marked import replaced


def test_the_checked_in_table_is_in_step_with_the_run() -> None:
    text = README.read_text()
    assert replaced(text, BEGIN, END, section(json.loads(RUN.read_text()), TABLE.read_text())) == text, "run `python -m bench.readme`"
