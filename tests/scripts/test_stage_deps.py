"""What a stage's code deps are: every way to import a module is followed, what cannot change an output is not."""

from pathlib import Path

import pytest
from stage_deps import folded, import_closure

MODULES = {
    "pkg/__init__.py": '"""Only a docstring."""\n',
    "pkg/a.py": "from pkg.b import name\n",
    "pkg/b.py": "name = 1\n",
    "pkg/late.py": "",
    "pkg/typed.py": "",
    "pkg/sub/__init__.py": "from pkg import b\n",
    "pkg/sub/inner.py": "",
    "pkg/sub/near.py": "from . import inner\nfrom ..a import name\n",
    "pkg/circle.py": "import pkg.circle2\n",
    "pkg/circle2.py": "import pkg.circle\n",
    "pkg/words.py": "import pkg.only_words\n",
    "pkg/only_words.py": "",
}


@pytest.fixture
def closure(tmp_path: Path):
    """Give the modules that a script of this text imports."""
    source = tmp_path / "src"
    for name, text in MODULES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)

    def find(text: str, excluded: tuple[str, ...] = ()) -> set[str]:
        script = tmp_path / "stage.py"
        script.write_text(text)
        return {str(path.relative_to(source)) for path in import_closure(script, source, excluded)}

    return find


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("import os, json", set()),
        ("import pkg.a", {"pkg/a.py", "pkg/b.py"}),
        ("import pkg.b as short", {"pkg/b.py"}),
        ("from pkg import b", {"pkg/b.py"}),
        ("from pkg.b import name", {"pkg/b.py"}),
        ("def main():\n    from pkg import late", {"pkg/late.py"}),
        ("try:\n    import pkg.b\nexcept ImportError:\n    import pkg.late", {"pkg/b.py", "pkg/late.py"}),
        ("import pkg.circle", {"pkg/circle.py", "pkg/circle2.py"}),
    ],
)
def test_imports_are_followed(closure, text, modules):
    assert closure(text) == modules


def test_relative_imports_are_followed_and_packages_with_code_belong_to_their_modules(closure):
    near = {"pkg/sub/near.py", "pkg/sub/inner.py", "pkg/a.py", "pkg/b.py", "pkg/sub/__init__.py"}
    assert closure("import pkg.sub.near") == near


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_imports_for_type_checkers_are_left_out_and_the_other_branch_is_not(closure, test):
    text = f"import typing\nfrom typing import TYPE_CHECKING\nif {test}:\n    import pkg.typed\nelse:\n    import pkg.b"
    assert closure(text) == {"pkg/b.py"}


def test_an_excluded_module_is_left_out_with_what_only_it_imports(closure):
    assert closure("import pkg.words, pkg.b", excluded=("pkg.words",)) == {"pkg/b.py"}
    assert closure("import pkg.words, pkg.only_words", excluded=("pkg.words",)) == {"pkg/only_words.py"}


def test_a_folder_stands_for_its_files_when_all_of_them_are_deps(tmp_path):
    source = tmp_path / "src"
    for name in ("one/a.py", "one/two/b.py", "one/two/c.py", "alone/d.py"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    paths = {source / name for name in ("one/two/b.py", "one/two/c.py", "alone/d.py")}
    assert folded(paths, source) == [str(source / "alone/d.py"), str(source / "one/two")]
    assert folded({*paths, source / "one/a.py"}, source) == [str(source / "alone/d.py"), str(source / "one")]
    assert folded({source / "one/two/b.py"}, source) == [str(source / "one/two/b.py")]
