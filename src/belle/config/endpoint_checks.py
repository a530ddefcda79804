"""Cross-section checks of endpoints: is the model a fixed one, and is a budget of money countable?"""

from collections.abc import Iterator

from belle.config.base import CONFIGS
from belle.config.budget import BudgetParams
from belle.config.endpoint import EndpointProfile
from belle.config.prices import price_problem


def endpoint_problems(
    key: str, name: str, profile: EndpointProfile, budget_key: str, budget: BudgetParams
) -> Iterator[str]:
    """Refuse a model that may change unnoticed, and an unknown price where tokens have no limit or money has one.

    Args:
        key: where params.yaml names the endpoint.
        name: of its profile.
        profile: the profile.
        budget_key: where params.yaml has the budget.
        budget: what its requests may cost.
    """
    file = f"{CONFIGS}/endpoint/{name}.yaml"
    if not (profile.is_dated or profile.allow_undated):
        yield (
            f"{key}: {file}: model: {profile.model} has no date, so it may mean another model tomorrow; name a dated "
            "snapshot, or set allow_undated to true there"
        )
    if problem := price_problem(name, profile, budget.tokens, budget.money, budget_key):
        yield problem
