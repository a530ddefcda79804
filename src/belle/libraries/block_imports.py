"""Keep installed libraries from being imported, or from speaking, as a side effect of another one."""

import logging
import sys

# accelerate imports bitsandbytes, which recommends a package of faster kernels on some processors
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)


def block_imports(*modules: str) -> None:
    """Make `modules` look as if they were not installed, for this process.

    PEFT looks for gptqmodel and transformers for torchao and torch as soon as they are imported themselves:
    seconds of start-up, banners on the terminal, changed CUDA settings. A stage names what it does not want.
    """
    for module in modules:
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]
