from pathlib import Path

import pytest

from belle.config.base import parse
from belle.config.deduplication import DeduplicateParams
from belle.errors import UserError
from factories import clean_params


def test_bands_divide_the_permutations():
    params = clean_params().deduplicate.model_dump()
    assert parse(DeduplicateParams, params | {"permutations": 64, "bands": 16}, Path("params.yaml")).bands == 16
    with pytest.raises(UserError, match=r"clean\.deduplicate: bands: 12 .*permutations: 64"):
        parse(DeduplicateParams, params | {"permutations": 64}, Path("params.yaml"), "clean.deduplicate")


@pytest.mark.parametrize("engine", ["", "ray", "ray://", "ray://host", "http://host:1", "ray://host:1/x", "Local"])
def test_an_engine_is_local_or_a_cluster(engine):
    with pytest.raises(ValueError, match="engine"):
        clean_params(engine=engine)
