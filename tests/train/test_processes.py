import pytest

from belle.train.processes import is_other_node
from factories import hardware


@pytest.mark.parametrize(
    ("nodes", "rank", "expected"), [(2, "1", True), (2, "0", False), (2, None, False), (1, "1", False)]
)
def test_only_a_training_on_several_nodes_has_other_nodes(monkeypatch, nodes, rank, expected):
    """Schedulers set NODE_RANK for a training on one node too, which writes its own results."""
    monkeypatch.delenv("NODE_RANK", raising=False)
    if rank is not None:
        monkeypatch.setenv("NODE_RANK", rank)
    assert is_other_node(hardware(num_nodes=nodes)) is expected
