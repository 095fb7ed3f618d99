"""A result for each, an exit code for all, and a sum that adds up."""

from decimal import Decimal

import pytest

from prepaid.cli.exit_codes import EPILOG, MEANINGS, ExitCode
from prepaid.cli.results import Outcome, Result, exit_code, summary


def result(outcome: Outcome, amount: str = "0") -> Result:
    return Result("web-1", outcome, "why", Decimal(amount), "CNY")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        pytest.param([], ExitCode.DONE, id="nothing to do"),
        pytest.param([Outcome.DONE, Outcome.ASKED, Outcome.REHEARSED], ExitCode.DONE, id="all done as asked"),
        pytest.param([Outcome.DONE, Outcome.WAITING], ExitCode.WAITING_FOR_MONEY, id="one waits"),
        pytest.param([Outcome.UNDECIDED, Outcome.WAITING], ExitCode.WAITING_FOR_MONEY, id="one waits, one is open"),
        pytest.param([Outcome.DONE, Outcome.UNDECIDED], ExitCode.UNDECIDED, id="one is open"),
        pytest.param([Outcome.REFUSED, Outcome.WAITING, Outcome.DONE], ExitCode.FAILED, id="one is refused"),
    ],
)
def test_the_worst_wins(outcomes: list[Outcome], code: ExitCode) -> None:
    assert exit_code([result(outcome) for outcome in outcomes]) is code


def test_the_sum_counts_each_and_adds_what_was_paid() -> None:
    results = [result(Outcome.DONE, "0.10"), result(Outcome.DONE, "0.20"), result(Outcome.WAITING)]
    assert summary(results) == "3 in all: 2 done, 1 waiting for money; paid 0.30 CNY."


def test_the_sum_of_a_rehearsal_is_not_paid() -> None:
    results = [result(Outcome.REHEARSED, "0.10"), result(Outcome.REHEARSED, "0.20"), result(Outcome.WAITING, "9.00")]
    assert summary(results) == "3 in all: 2 would be done, 1 waiting for money; would pay 0.30 CNY."


def test_every_exit_code_is_explained() -> None:
    assert set(MEANINGS) == set(ExitCode)
    assert all(f"{code.value} {meaning}" in EPILOG for code, meaning in MEANINGS.items())
