from belle.config.check import find_problems

MODEL = "configs/model/mini.yaml"


def test_a_builtin_model_is_named_without_a_path(change):
    change(MODEL, {"source": {"kind": "builtin", "name": "../mini"}})
    (line,) = find_problems()
    assert line.startswith(f"{MODEL}: source.name: ")
