import pytest

from belle.libraries.gptqmodel_import import quiet


def test_what_is_printed_is_dropped_and_errors_are_not(capsys):
    with quiet():
        print("a banner")
    with pytest.raises(ValueError, match="broken"), quiet():
        raise ValueError("broken")
    print("afterwards")
    assert capsys.readouterr().out == "afterwards\n"
