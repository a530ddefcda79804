"""What a profile needs: given by an option, or else recognized; what is left is asked for in one error."""

from dataclasses import dataclass
from typing import TypeVar

from belle.add.origin import Origin
from belle.errors import UserError

T = TypeVar("T")

LICENSE_HINT = "the license it comes under; `private` for files of your own"


@dataclass(frozen=True)
class Given:
    """The options that every kind of profile has; None for one that was not given.

    Attributes:
        name: of the profile.
        license: of what is added.
        homepage: page that describes it.
        force: replace the profile, and the file below inputs/.
    """

    name: str | None = None
    license: str | None = None
    homepage: str | None = None
    force: bool = False


class Options:
    """Finds the values of a profile, and collects the options that are still needed."""

    def __init__(self, origin: Origin, given: Given) -> None:
        self.origin, self.given = origin, given
        self.missing: list[str] = []

    def take(self, option: str, given: T | None, recognized: T | None, hint: str) -> T | None:
        """Return what was given or recognized; None when neither was, and the option is noted as missing."""
        value = recognized if given is None else given
        if value is None:
            self.missing.append(f"{option}: {hint}")
        return value

    def license_and_homepage(self, license_name: str | None = None) -> dict[str, str | None]:
        """Return both keys; the license is the one given, `license_name`, or that of the repository's card."""
        found = self.take("--license", self.given.license, license_name or self.origin.license, LICENSE_HINT)
        return {"license": found, "homepage": self.given.homepage or self.origin.homepage}

    def refuse_missing(self) -> None:
        """Raise a UserError that names every missing option."""
        if self.missing:
            raise UserError("\n".join(f"{self.origin.text}: give {line}" for line in self.missing))
