"""Write constraints.txt: the exact version of every package installed beside this one.

Install what is wanted (`pip install -U -e '.[dev,s3,ssh]'`), run the tests, then run this again.
"""

from importlib.metadata import distributions
from pathlib import Path

OWN = {"belle-dvc", "pip"}
HEADER = "# Every exact version, written by scripts/constraints.py. Use: pip install -c constraints.txt -e .\n"


def main() -> None:
    """Write constraints.txt from the running environment; build tags such as `+cpu` are left out."""
    versions = {
        one.metadata["Name"].lower().replace("_", "-"): one.version.partition("+")[0] for one in distributions()
    }
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items()) if name not in OWN]
    Path("constraints.txt").write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
