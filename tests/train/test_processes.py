import pytest
from torch.distributed import DistNetworkError
from torch.distributed.launcher import api

from belle.errors import UserError
from belle.train.processes import is_other_node, start_processes
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


def test_nodes_that_do_not_find_each_other(monkeypatch, tmp_path, capsys):
    def launch(*_: object) -> None:
        raise DistNetworkError("The server socket has failed to listen\non any local network address.")

    monkeypatch.setattr(api, "elastic_launch", lambda *_: launch)
    for name, value in {"NODE_RANK": "0", "MASTER_ADDR": "node0", "MASTER_PORT": "14545"}.items():
        monkeypatch.setenv(name, value)
    # set for the processes to start: named here so that they are restored
    for name in ("OMP_NUM_THREADS", "DS_ACCELERATOR", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.setenv(name, "")
    with pytest.raises(
        UserError, match=r"the 2 nodes .* did not find each other: The server socket has failed to"
    ) as error:
        start_processes(hardware(num_nodes=2), "stages/train.py", tmp_path, tmp_path, tmp_path)
    assert "\n" not in str(error.value)
    assert capsys.readouterr().err == "node 0 of 2 waits for the others at node0:14545\n"
