"""The model chain, and the link of it that is quantized and evaluated: `subject` in params.yaml."""

from belle.config.problems import nearest
from belle.config.section import PARAMS, read_value
from belle.errors import UserError

LINKS = ("base", "decrypted", "extended", "pretrained", "trained")
"""The model chain, in order: each link is a directory under models/."""


def read_subject() -> str:
    """Read `subject` of params.yaml, one of `LINKS`.

    Raises:
        UserError: it is something else.
    """
    subject = read_value("subject", str)
    if subject not in LINKS:
        raise UserError(f"{PARAMS}: subject: expected one of {', '.join(LINKS)}{nearest(subject, LINKS)}")
    return subject
