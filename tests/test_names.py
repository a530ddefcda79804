"""The folders of tests/ are on Python's path while the tests run."""

import sys
from pathlib import Path

TESTS = Path(__file__).parent


def test_no_package_of_tests_hides_one_of_pythons_own():
    """tests/statistics therefore has no `__init__.py`: a folder without one gives way to Python's module."""
    assert not {path.parent.name for path in TESTS.glob("*/__init__.py")} & sys.stdlib_module_names
