"""What stands between two marks is replaced, and nothing else."""

import pytest

from marked import replaced


def test_a_text_takes_the_place_of_the_former_one() -> None:
    assert replaced("before\n<old>stale</old>after\n", "<old>", "</old>", "new") == "before\n<old>new</old>after\n"


@pytest.mark.parametrize("document", ["neither", "<old> alone", "</old> alone", "</old> the wrong way round <old>"])
def test_a_document_without_its_marks_is_not_guessed_at(document: str) -> None:
    with pytest.raises(ValueError, match="the document lacks <old> and </old>"):
        replaced(document, "<old>", "</old>", "new")
