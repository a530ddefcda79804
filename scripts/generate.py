"""Write everything that is generated: `make generate`.

JSON Schemas for editors, the comments of params.yaml, docs/params.md, the code deps of dvc.yaml and
docs/one-conversation.md. Running it twice changes nothing.
"""

from pathlib import Path

from one_conversation import write_page
from stage_deps import write_deps

from belle.config.reference import write_params_comments, write_reference, write_schemas


def main() -> None:
    """Write all generated files of the repository in the working directory."""
    write_schemas(Path("configs/schema"))
    write_params_comments(Path("params.yaml"))
    write_reference(Path("docs/params.md"))
    write_deps(Path("dvc.yaml"))
    write_page(Path("docs/one-conversation.md"))


if __name__ == "__main__":
    main()
