"""Documents in which a part is written by a program: what stands between two marks is replaced, the rest is its authors'."""


def replaced(document: str, begin: str, end: str, text: str) -> str:
    """The document with the text between its two marks. Raises ValueError when they are missing."""
    head, found, rest = document.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the document lacks {begin.strip()} and {end.strip()}")
    return f"{head}{begin}{text}{end}{tail}"
