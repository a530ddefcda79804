import pyarrow as pa
import pytest

from belle.clean.simplified import simplified_messages
from belle.data.simplified import simplified
from belle.data.tables import MESSAGE
from factories import conversation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("臺灣是一個美麗的島嶼", "台湾是一个美丽的岛屿"),
        ("後來頭髮乾了，乾隆發展著名的絲綢", "后来头发干了，乾隆发展著名的丝绸"),
        ("程式與軟體", "程式与软体"),
        ("这里已经是简体，皇后在后面", "这里已经是简体，皇后在后面"),
        ("東京は日本の首都です。", "東京は日本の首都です。"),
        ("English 123，①", "English 123，①"),
        ("", ""),
        (None, None),
    ],
)
def test_traditional_characters_become_simplified(text, expected):
    assert simplified(pa.array([text], pa.string())).to_pylist() == [expected]


def test_messages_keep_their_roles_and_rows():
    rows = pa.array([conversation("問", "答"), [], None, conversation("國", "學", system="書")], pa.list_(MESSAGE))
    expected = [conversation("问", "答"), [], [], conversation("国", "学", system="书")]
    assert simplified_messages(rows).to_pylist() == expected
    assert simplified_messages(rows[1:]).to_pylist() == expected[1:]
