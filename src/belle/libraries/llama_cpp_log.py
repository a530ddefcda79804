"""llama.cpp's messages: errors are kept for our own error messages, the rest is dropped."""

import ctypes

import llama_cpp

GGML_LOG_LEVEL_ERROR = 4
"""From ggml.h; llama-cpp-python's own callback has the levels wrong, so it shows warnings and hides errors."""

_errors: list[str] = []


@llama_cpp.llama_log_callback
def _keep_error(level: int, text: bytes, _: ctypes.c_void_p) -> None:
    if level == GGML_LOG_LEVEL_ERROR:
        _errors.append(text.decode(errors="replace").strip())


def quiet_llama() -> None:
    """Drop llama.cpp's messages from now on, keep its errors, and forget older ones."""
    llama_cpp.llama_log_set(_keep_error, ctypes.c_void_p(0))
    _errors.clear()


def llama_errors() -> str:
    """Return what llama.cpp complained of since `quiet_llama`, in one line."""
    return "; ".join(_errors) or "it gave no reason"
