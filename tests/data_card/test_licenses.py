import pytest

from belle.data_card.licenses import NO_COMMERCE, NOT_PASSED_ON, SAME_LICENSE, UNKNOWN, describe_licenses, read_license


def conflicts_of(**licenses: str) -> list[str]:
    profiles = {f"data/{name}": {"license": text, "homepage": None} for name, text in licenses.items()}
    return describe_licenses(profiles | {"model/m": {"license": "other", "homepage": None}})["conflicts"]


@pytest.mark.parametrize(
    ("text", "name", "asked"),
    [
        ("Apache-2.0", "apache-2.0", None),
        ("gpl-3.0", "gpl-3.0", SAME_LICENSE),
        ("GPL-3.0 (research only, no commercial use)", "gpl-3.0", NO_COMMERCE),
        ("private", "private", NOT_PASSED_ON),
        ("my own license", "my", UNKNOWN),
        ("", "", UNKNOWN),
    ],
)
def test_a_license_is_an_id_and_words(text, name, asked):
    found = read_license(text)
    assert found.name == name
    assert asked is None or asked in (*found.terms, *found.added)


def test_licenses_that_ask_nothing_of_each_other_do_not_conflict():
    assert not conflicts_of(a="apache-2.0", b="mit", c="cc-by-4.0", d="cc-by-nc-4.0", e="private")
    assert not conflicts_of(a="gpl-3.0", b="gpl-3.0", c="apache-2.0")


def test_a_source_that_adds_terms_to_a_license_that_allows_none():
    (line,) = conflicts_of(belle="gpl-3.0 (research only)", other="mit")
    assert line.startswith("belle: gpl-3.0 allows no further terms") and NO_COMMERCE in line


@pytest.mark.parametrize("other", ["private", "cc-by-nc-4.0", "openrail", "cc0-1.0 (research only)"])
def test_what_one_source_restricts_another_forbids_to_restrict(other):
    for names in ({"a": "gpl-3.0", "b": other}, {"b": other, "a": "gpl-3.0"}):
        (line,) = conflicts_of(**names)
        assert line.startswith("a asks that the mixture be gpl-3.0 without further terms; b adds: ")


def test_two_licenses_that_each_want_the_whole_conflict_once():
    (line,) = conflicts_of(b="gpl-3.0", a="cc-by-sa-4.0")
    assert line == "a asks that the mixture be cc-by-sa-4.0, b that it be gpl-3.0"


def test_unchanged_only_conflicts_with_cleaning():
    (line,) = conflicts_of(a="cc-by-nd-4.0")
    assert "cleaning has changed it" in line


def test_what_each_data_source_asks_stands_beside_it():
    profiles = {"data/a": {"license": "gpl-3.0 (research only)", "homepage": "https://a"}, "eval/b": {"license": "x"}}
    assert describe_licenses(profiles)["sources"] == {
        "a": {
            "license": "gpl-3.0 (research only)", "homepage": "https://a", "asks": [SAME_LICENSE, NO_COMMERCE],
        }
    }  # fmt: skip
