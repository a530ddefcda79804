"""The names that transformers 4 reads in config.json, beside those of transformers 5."""

from pathlib import Path

from belle.files import read_json_object, write_json

ELSEWHERE = ("rope_theta", "rope_type", "type")
"""Keys of `rope_parameters` that transformers 4 has in another place or under another name."""


def add_older_names(config_path: Path) -> None:
    """Repeat what transformers 5 renamed in a config.json: transformers 4 would take its defaults without a word.

    `dtype` is `torch_dtype` there. `rope_parameters` is `rope_theta`, and `rope_scaling` when positions are scaled:
    `{"type": "linear", "factor": 2.0}`, the first form, which every later version reads too. What came after a version
    is not in it: 4.40 scales LLaMA by `linear` and `dynamic` only and refuses the rest; it does not scale Qwen2.

    Raises:
        UserError: the file is missing or broken.
    """
    config = read_json_object(config_path, "make the model again")
    if "dtype" in config:
        config["torch_dtype"] = config["dtype"]
    rope = config.get("rope_parameters") or {}
    if "rope_theta" in rope:
        config["rope_theta"] = rope["rope_theta"]
    if rope.get("rope_type", "default") != "default":
        scaling = {key: value for key, value in rope.items() if key not in ELSEWHERE}
        config["rope_scaling"] = {"type": rope["rope_type"], **scaling}
    write_json(config_path, config)
