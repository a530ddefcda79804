from belle.config.check import find_problems


def test_an_extension_needs_texts_and_a_checkpoint_that_uses_it(change):
    change("params.yaml", {"extend_vocab.enabled": True, "pretrain.enabled": False, "data.texts.sources": []})
    (line,) = problems()
    assert line.startswith("params.yaml: data.texts.sources: extend_vocab.enabled ")
    change("params.yaml", {"data.texts.sources": ["mini-corpus"]})
    assert problems() == []
    change("params.yaml", {"checkpoint": "decrypted"})
    (line,) = problems()
    assert line.startswith("params.yaml: extend_vocab.enabled: ")
    assert "decrypted" in line


def problems() -> list[str]:
    return [line for line in find_problems() if "batch_size" not in line]
