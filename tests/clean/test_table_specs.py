import pytest

from belle.clean.filters import duplicate
from belle.clean.table_specs import CONVERSATIONS_SPEC, REASONS, TEXTS_SPEC
from factories import clean_params


@pytest.mark.parametrize("spec", [CONVERSATIONS_SPEC, TEXTS_SPEC])
def test_the_reasons_of_a_table_are_counted_in_the_order_of_its_filters(spec):
    reasons = [*(one.reason for one in spec.filters(clean_params(), {})), duplicate.REASON]
    assert reasons == [reason for reason in REASONS if reason in reasons]


def test_texts_have_neither_roles_nor_a_greatest_length():
    texts, conversations = (
        {one.reason for one in spec.filters(clean_params(), {})} for spec in (TEXTS_SPEC, CONVERSATIONS_SPEC)
    )
    assert conversations - texts == {"malformed", "too_long"}


@pytest.mark.parametrize("spec", [CONVERSATIONS_SPEC, TEXTS_SPEC])
def test_decontamination_can_be_switched_off(spec):
    without = [one.reason for one in spec.filters(clean_params(decontaminate=False), {})]
    assert [*without, "contaminated"] == [one.reason for one in spec.filters(clean_params(), {})]
