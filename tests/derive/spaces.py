"""Where emitted code runs in tests: NumPy's stand-in for a device, and CuPy where there is one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.derive.device import Device
from tests.derive.emitted import Arrays


@dataclass
class StandIn:
    """`tests.derive.device`."""

    xp: Any = field(default_factory=Device)

    def sent(self, arrays: Arrays, dtype: str = "float64") -> Arrays:
        """The arrays on the device."""
        return {n: self.xp.asarray(a, dtype=dtype) for n, a in arrays.items()}

    def fetched(self, arrays: Arrays) -> Arrays:
        """The arrays on the host."""
        return {n: a.get() for n, a in arrays.items()}

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Nothing comes, goes or is waited for; what is done in silence raises by itself."""
        before = self.xp.counts.transfers
        yield
        assert self.xp.counts.transfers == before


class CuPy(StandIn):
    """The module `cupy`."""

    def __init__(self) -> None:
        import cupy

        super().__init__(cupy)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """As above, as far as CuPy notices that it waits for the device."""
        import cupyx

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "cupyx.allow_synchronize")  # it may disappear
            with cupyx.allow_synchronize(False):
                yield


SPACES = pytest.mark.parametrize(
    "kind", [StandIn, pytest.param(CuPy, marks=pytest.mark.gpu)], ids=["stand-in", "cupy"]
)
