"""What requests to an endpoint may cost: the section `budget` of a stage that sends some."""

from pydantic import Field

from belle.config.base import Section


class BudgetParams(Section):
    """What the requests of an experiment may cost, its earlier runs included."""

    tokens: int | None = Field(ge=1)
    """Maximum tokens of prompts and replies together; null sets no limit."""
    money: float | None = Field(gt=0)
    """Maximum cost, in the currency of the endpoint's prices; null sets no limit."""
