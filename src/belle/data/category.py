"""Names of question categories, spelled in one way."""

import unicodedata


def normalise_category(name: str) -> str:
    """NFKC and casefold, blanks around it removed.

    BELLE's evaluation set says `closed qa` with a no-break space where its judge prompts say `closed QA`.
    """
    return unicodedata.normalize("NFKC", name).casefold().strip()
