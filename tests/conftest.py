"""Tiers of the tests: short by default, `HYPOTHESIS_PROFILE=long` or `full`; `gpu` on CuPy."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.gpu import no_gpu

SHORT_CASES = 2
"""Of a parametrised test of the judge the short tier runs so many cases, the long one all."""
FREEZE_AFTER = 200
"""Tests after which the garbage collector sets aside what is left."""
TESTS: Counter[str] = Counter()
TIER = os.environ.get("HYPOTHESIS_PROFILE", "short")

# Deadlines measure the machine, not the law; a first example pays for imports and caches.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("short", max_examples=10, derandomize=True, **_COMMON)
settings.register_profile("long", max_examples=60, derandomize=True, **_COMMON)
settings.register_profile("full", max_examples=200, derandomize=True, **_COMMON)
settings.load_profile(TIER)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--refresh-golden` rewrites the committed text that outputs are compared with."""
    parser.addoption("--refresh-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)`` compares with the committed file of that name, or rewrites it."""
    folder = Path(__file__).parent / "golden"

    def compare(name: str, text: str) -> None:
        path = folder / name
        if request.config.getoption("--refresh-golden"):
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, "see pytest --refresh-golden"

    return compare


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """What long runs keep is set aside now and then: else a collection takes a claim's time."""
    TESTS["run"] += 1
    if TESTS["run"] % FREEZE_AFTER == 0:
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this tier or this machine cannot run, and say why."""
    cases: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("parametrize") and "/verify/" in item.path.as_posix():
            name = item.nodeid.partition("[")[0]
            cases[name] += item.get_closest_marker("long") is None
            if cases[name] > SHORT_CASES and TIER == "short":
                item.add_marker(pytest.mark.long)
        if item.get_closest_marker("long") and TIER == "short":
            item.add_marker(pytest.mark.skip(reason="long tier: HYPOTHESIS_PROFILE=long"))
        if item.get_closest_marker("full") and TIER != "full":
            item.add_marker(pytest.mark.skip(reason="full tier: HYPOTHESIS_PROFILE=full"))
        if item.get_closest_marker("gpu") and (reason := no_gpu()):
            item.add_marker(pytest.mark.skip(reason=reason))
