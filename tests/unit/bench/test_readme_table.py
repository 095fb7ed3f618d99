"""How the table of a run comes into the README."""

import pytest

from bench.readme import BEGIN, END, replaced


def test_the_table_takes_the_place_of_the_former_one() -> None:
    assert replaced(f"before\n{BEGIN}old\n{END}after\n", "new\n") == f"before\n{BEGIN}new\n{END}after\n"


def test_a_readme_without_its_marks_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="lost the marks"):
        replaced("a README\n", "new\n")
