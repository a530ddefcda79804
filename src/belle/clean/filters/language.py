"""Drop rows in other languages than those that are wanted."""

from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import ContentFilter, Seen
from belle.config.clean import CleanParams
from belle.data.language import UNKNOWN, languages


@dataclass(frozen=True)
class OtherLanguage(ContentFilter):
    """Drop rows whose messages, all together, are in none of the languages `allowed`; an unknown one is kept."""

    allowed: frozenset[str]
    min_letters: int
    reason = "language"

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "OtherLanguage | None":
        """Take the languages of params.yaml; null allows all."""
        wanted = params.filters.language
        return None if wanted.allowed is None else cls(frozenset(wanted.allowed), wanted.min_letters)

    def see(self, roles: pa.Array, contents: pa.Array) -> Seen:
        """Return the language of the rows in another one."""
        found = languages(["\n".join(texts) for texts in contents.to_pylist()], self.min_letters)
        return [None if one in self.allowed or one == UNKNOWN else one for one in found]
