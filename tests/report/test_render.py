import base64
import hashlib
import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import vendor

from belle.report.render import FOLDER, SCRIPTS, STYLES, as_global, inline, render, vendored
from report.made_up import HARMFUL, page_data

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src" / "belle" / "report" / "vendor"


def test_the_same_data_give_the_same_bytes():
    assert render(page_data()) == render(page_data())


def test_the_page_allows_its_own_scripts_and_nothing_else():
    page = render(page_data()).html
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    codes = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = ["'sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() + "'" for code in codes]
    assert f"script-src {' '.join(hashes)};" in policy and "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert len(codes) == len(SCRIPTS) + len(vendor.PACKAGES)
    assert HARMFUL not in page and "<img" not in page


def test_code_that_ends_a_script_tag_is_refused():
    with pytest.raises(AssertionError):
        inline("const text = '</script>';")


def test_a_module_becomes_a_global():
    assert (
        as_global("lib", "const a=1,b=2;export{a as one,b};")
        == "const lib = (() => {const a=1,b=2;\nreturn {one: a, b: b};})();"
    )


def test_licenses_stand_before_the_code_of_libraries():
    texts = vendored()
    assert [re.match(r"/\*! (\S+) ([\d.]+)\n", text).groups() for text in texts] == [
        (name, version) for name, (version, _) in vendor.PACKAGES.items()
    ]
    assert all("Copyright" in text.partition("*/")[0] or "Apache" in text.partition("*/")[0] for text in texts)


def test_vendored_files_are_those_of_the_manifest():
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    recorded = {name: digest for entry in manifest for name, digest in entry["files"].items()}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    found.pop("manifest.json")
    assert found == recorded
    assert {entry["name"]: entry["version"] for entry in manifest} == {
        name: version for name, (version, _) in vendor.PACKAGES.items()
    }


def test_an_installed_package_has_every_file():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"][
        "belle.report"
    ]
    needed = [f"page/{name}" for name in (*SCRIPTS, *STYLES, "page.html.j2")] + [
        f"vendor/{path.name}" for path in VENDOR.iterdir()
    ]
    assert [name for name in needed if not any(fnmatch(name, pattern) for pattern in patterns)] == []
    assert sorted(path.name for path in (ROOT / "src/belle/report/page").iterdir()) == sorted(
        (*SCRIPTS, *STYLES, "page.html.j2")
    )
    assert FOLDER.is_dir()
