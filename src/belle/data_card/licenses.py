"""What the licenses of the sources ask, and where one forbids what another asks. Stated, never decided."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

ATTRIBUTION = "name the authors"
SAME_LICENSE = "pass on what is derived under this license, without further terms"
NO_COMMERCE = "no commercial use"
NO_CHANGES = "pass on unchanged only"
USES_LISTED = "certain uses are forbidden, also to those who get it next"
NOT_PASSED_ON = "not passed on"
UNKNOWN = "unknown here: read it"

TERMS: dict[str, tuple[str, ...]] = {
    "0bsd": (),
    "agpl-3.0": (SAME_LICENSE,),
    "apache-2.0": (ATTRIBUTION,),
    "bigscience-bloom-rail-1.0": (USES_LISTED,),
    "bsd-3-clause": (ATTRIBUTION,),
    "cc-by-4.0": (ATTRIBUTION,),
    "cc-by-nc-4.0": (ATTRIBUTION, NO_COMMERCE),
    "cc-by-nc-nd-4.0": (ATTRIBUTION, NO_COMMERCE, NO_CHANGES),
    "cc-by-nc-sa-4.0": (ATTRIBUTION, NO_COMMERCE, SAME_LICENSE),
    "cc-by-nd-4.0": (ATTRIBUTION, NO_CHANGES),
    "cc-by-sa-4.0": (ATTRIBUTION, SAME_LICENSE),
    "cc0-1.0": (),
    "gpl-3.0": (SAME_LICENSE,),
    "mit": (ATTRIBUTION,),
    "odbl": (ATTRIBUTION, SAME_LICENSE),
    "odc-by": (ATTRIBUTION,),
    "openrail": (USES_LISTED,),
    "private": (NOT_PASSED_ON,),
}
"""What licenses ask that concerns a mixture, by the lower-case ids of the Hugging Face hub (most are SPDX's). From
choosealicense.com (conditions, limitations), the deeds of creativecommons.org and opendatacommons.org, and the texts
of the RAIL licenses."""
RESTRICTIONS = (NO_COMMERCE, NO_CHANGES, USES_LISTED, NOT_PASSED_ON)
NOTES = {
    NO_COMMERCE: re.compile(r"research|non-?commercial|no commercial", re.IGNORECASE),
    NOT_PASSED_ON: re.compile(r"private|internal", re.IGNORECASE),
}
"""Restrictions that the words behind the id of a license may add, as in `gpl-3.0 (research only)`."""


@dataclass(frozen=True)
class License:
    """The license of one source.

    Attributes:
        name: its id in lower case.
        terms: what it asks.
        added: restrictions that the source's words add to it.
    """

    name: str
    terms: tuple[str, ...]
    added: tuple[str, ...]


def read_license(text: str) -> License:
    """Return what the `license` of a profile says: an id, and behind it words of any kind."""
    name, note = re.fullmatch(r"\s*([\w.+-]*)(.*)", text, flags=re.DOTALL).groups()  # type: ignore[union-attr]
    added = tuple(term for term, words in NOTES.items() if words.search(note))
    return License(name.lower(), TERMS.get(name.lower(), (UNKNOWN,)), added)


def describe_licenses(profiles: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return `sources` (license, homepage and `asks` of each data source) and `conflicts`, lines for people.

    Args:
        profiles: data/check/licenses.json.
    """
    named = {name.removeprefix("data/"): profile for name, profile in profiles.items() if name.startswith("data/")}
    licenses = {name: read_license(profile["license"]) for name, profile in named.items()}
    sources = {
        name: {**profile, "asks": [*licenses[name].terms, *licenses[name].added]} for name, profile in named.items()
    }
    return {"sources": sources, "conflicts": conflicts(licenses)}


def conflicts(licenses: Mapping[str, License]) -> list[str]:
    """Return where one source's terms forbid what its own or another one's ask, a line for each."""
    found = [
        f"{name}: {one.name} allows no further terms, but the source adds: {'; '.join(one.added)}"
        for name, one in licenses.items()
        if SAME_LICENSE in one.terms and one.added
    ]
    found += [
        f"{name}: {NO_CHANGES}, and cleaning has changed it"
        for name, one in licenses.items()
        if NO_CHANGES in one.terms
    ]
    for first, second in combinations(licenses, 2):
        found += _between(first, licenses[first], second, licenses[second])
        found += _between(second, licenses[second], first, licenses[first])
    return found


def _between(first: str, one: License, second: str, other: License) -> list[str]:
    """Return what forbids that the mixture is passed on under the license of `first`, where that is asked."""
    if SAME_LICENSE not in one.terms or one.name == other.name:
        # what the other's words add stands in the line about itself
        return []
    asked = f"{first} asks that the mixture be {one.name}"
    if SAME_LICENSE in other.terms:
        # said once for the two
        return [f"{asked}, {second} that it be {other.name}"] if first < second else []
    forbidden = [term for term in (*other.terms, *other.added) if term in RESTRICTIONS and term not in one.terms]
    return [f"{asked} without further terms; {second} adds: {'; '.join(forbidden)}"] if forbidden else []
