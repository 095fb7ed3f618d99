"""The table in SECURITY.md is the matrix that the cluster tests hold against a real server."""

from pathlib import Path

from cluster.matrix.table import inserted

DOCUMENT = Path(__file__).parents[2] / "SECURITY.md"


def test_the_checked_in_table_is_in_step_with_the_matrix() -> None:
    text = DOCUMENT.read_text()
    assert inserted(text) == text, "run `make matrix`"
