"""Daft, set up once: no usage statistics leave the machine, and its progress bar shows on a terminal only.

Daft reads both variables when it is first imported, so every module imports `daft` from here.
"""

import os
import sys

os.environ["DAFT_ANALYTICS_ENABLED"] = "0"
os.environ.setdefault("DAFT_PROGRESS_BAR", "1" if sys.stderr.isatty() else "0")

import daft
import daft.functions

__all__ = ["daft"]
