"""A command line that is not right gets one plain sentence, and its usage is written as everybody writes it."""

import pytest
from typer.testing import CliRunner

from prepaid.cli.app import app

ESCAPE = "\x1b["
PLAIN = {"NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "xterm"}


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        pytest.param("renew", "renew [OPTIONS] [NAME]...", id="names that may be left out"),
        pytest.param("deposit", "deposit [OPTIONS] ACCOUNT AMOUNT", id="what must be there"),
        pytest.param("attach", "attach [OPTIONS] NAME RESOURCE...", id="one or more"),
        pytest.param("autorenew", "autorenew [OPTIONS] on|off [NAME]...", id="one of two words"),
    ],
)
def test_the_usage_line(command: str, usage: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"], prog_name="prepaid").stdout
    assert f"Usage: prepaid {usage}\n" in shown
    assert "<bool>" not in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param("autorenew maybe l-1", "'maybe' is neither on nor off.", id="neither on nor off"),
        pytest.param("renew l-1 --periods 0", "0 is no number of periods: say one from 1 to 100000.", id="no periods"),
        pytest.param("renew l-1 --periods 100001", "100001 is no number of periods: say one from 1 to 100000.", id="too many periods"),
        pytest.param("renew l-1 --periods many", "many is no number of periods: say one from 1 to 100000.", id="no number"),
        pytest.param("operator run --lease prepaid-operator", "'prepaid-operator' names no Lease: write it as", id="no namespace"),
        pytest.param("operator run --lease prepaid-system/../x", "'prepaid-system/../x' names no Lease", id="a name that leads elsewhere"),
        pytest.param("deposit default -5", 'an amount is a decimal string such as "120.00", without sign', id="less than nothing"),
        pytest.param("deposit default 5 --receipt 'a b'", "'a b' is no receipt id: it has letters, digits and . _ : / -", id="a receipt"),
        pytest.param(f"deposit default 5 --receipt {'r' * 129}", "at most 128 of them", id="a receipt that is too long"),
    ],
)
def test_what_is_not_right_is_one_sentence(words: str, sentence: str) -> None:
    done = CliRunner().invoke(app, words, env=PLAIN)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert (done.exit_code, done.stdout, sentence in line) == (2, "", True)


def test_a_deposit_needs_no_receipt() -> None:
    done = CliRunner().invoke(app, "deposit default 5 --context nowhere", env={"KUBECONFIG": "/nowhere"})
    assert (done.exit_code, done.stdout, "Usage" in done.stderr) == (1, "", False)


@pytest.mark.parametrize("words", ["--help", "renew --help", "local --help", "renew --periods 0", "nothing-like-it"])
def test_without_colour_there_is_none(words: str) -> None:
    done = CliRunner().invoke(app, words, env=PLAIN, color=True)
    assert ESCAPE not in done.output
