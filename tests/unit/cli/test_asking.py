"""What becomes of Ctrl-C while a question stands, at the moment at which it is noticed last."""

import sys
from pathlib import Path
from typing import Final

import pexpect

ASKING: Final = Path(__file__).with_name("asking_deafly.py")


def test_ctrl_c_that_does_not_interrupt_the_reading_is_noticed_before_the_line() -> None:
    terminal = pexpect.spawn(sys.executable, [str(ASKING)], encoding="utf-8", timeout=30, echo=False)
    terminal.expect_exact("[y/N] ")
    terminal.sendintr()
    terminal.expect_exact("Nothing was bought.")
    terminal.expect(pexpect.EOF)
