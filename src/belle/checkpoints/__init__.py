"""The model chain on disk: which directory holds what, loading, merging, saving."""

import logging

# PEFT imports bitsandbytes, which recommends a package of faster kernels on some processors
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
