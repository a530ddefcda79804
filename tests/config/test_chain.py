import pytest

from belle.config.chain import LINKS, read_subject
from belle.errors import UserError


@pytest.mark.parametrize("link", LINKS)
def test_every_link_can_be_the_subject(change, link):
    change("params.yaml", {"subject": link})
    assert read_subject() == link


def test_anything_else_is_refused(change):
    change("params.yaml", {"subject": "../trainde"})
    with pytest.raises(
        UserError, match=r"^params.yaml: subject: expected one of base, .*trained; did you mean trained"
    ):
        read_subject()
