"""Daft, set up once: no usage statistics leave the machine, and no progress bars beside the project's own.

Daft reads these variables (two of them when it is first imported), so every module imports `daft` from here.
"""

import os

os.environ["DAFT_ANALYTICS_ENABLED"] = "0"
os.environ["DAFT_PROGRESS_BAR"] = "0"
os.environ["DAFT_SHOW_QUERY_ID"] = "0"

import daft
import daft.functions

__all__ = ["daft"]
