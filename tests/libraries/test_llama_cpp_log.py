import os

import llama_cpp

from belle.libraries.llama_cpp_log import llama_errors, quiet_llama


def load(path) -> None:
    """Let llama.cpp try to load a file."""
    assert not llama_cpp.llama_model_load_from_file(os.fsencode(path), llama_cpp.llama_model_default_params())


def test_errors_are_kept_in_one_line_and_nothing_is_printed(tmp_path, capfd):
    (tmp_path / "broken.gguf").write_bytes(b"no model")
    quiet_llama()
    load(tmp_path / "broken.gguf")
    assert "load" in llama_errors()
    assert "\n" not in llama_errors()
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", "")


def test_older_errors_are_forgotten(tmp_path):
    quiet_llama()
    load(tmp_path / "absent.gguf")
    before = llama_errors()
    quiet_llama()
    assert llama_errors() != before
