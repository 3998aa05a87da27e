"""Whether there is a GPU that CuPy can use."""

from __future__ import annotations

import importlib.util


def no_gpu() -> str | None:
    """Why nothing can run on a GPU here, or `None` where it can."""
    if importlib.util.find_spec("cupy") is None:
        return "CuPy is not installed"
    import cupy

    try:
        devices = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        return f"no CUDA device: {error}"
    return None if devices else "no CUDA device"
