import importlib
import inspect
import pkgutil

import pytest

import belle.clean.decontamination
import belle.clean.filters
from belle.clean.deduplication.duplicates import EXACT, NEAR
from belle.clean.filters.filter import Filter
from belle.clean.table_specs import FILTERS, REASONS, filters_of
from belle.data.cleaned import UNREADABLE
from factories import clean_params

TABLES = ["conversations", "texts"]


def reasons(table: str, **changes: object) -> list[str]:
    return [one.reason for one in filters_of(table, clean_params(**changes), {})]


def test_every_filter_that_is_written_is_used():
    modules = [
        importlib.import_module(f"{package.__name__}.{one.name}")
        for package in (belle.clean.filters, belle.clean.decontamination)
        for one in pkgutil.iter_modules(package.__path__)
    ]
    written = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Filter) and not inspect.isabstract(value)
    }
    assert written == set(FILTERS), "table_specs.py: FILTERS lacks a class"


@pytest.mark.parametrize("table", TABLES)
def test_a_reason_stands_for_one_filter_of_a_table(table):
    found = [UNREADABLE, *reasons(table), EXACT, NEAR]
    assert len(set(found)) == len(found), "two filters have one reason"
    assert found == [reason for reason in REASONS if reason in found]


def test_texts_have_neither_roles_nor_a_maximum_length():
    assert {"malformed", "too_long"} <= set(reasons("conversations")) - set(reasons("texts"))


@pytest.mark.parametrize("table", TABLES)
def test_decontamination_can_be_switched_off(table):
    off = {"exact": False, "near": None, "ngram": None}
    assert [*reasons(table, decontaminate=off), "contaminated"] == reasons(table)
