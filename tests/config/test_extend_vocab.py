from belle.config.check import find_problems


def test_vocabulary_extension_cannot_be_enabled_yet(change):
    change("params.yaml", {"extend_vocab.enabled": True})
    (line,) = find_problems()
    assert line.startswith("params.yaml: extend_vocab: ")
    assert "extend_vocab.enabled" in line
