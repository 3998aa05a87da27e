"""Searches for repairs that take their time: what a test says must not depend on the machine."""

from __future__ import annotations

from contextlib import AbstractContextManager
from unittest.mock import patch

from verify.allowance import Allowance

SECONDS = 60.0


def unhurried() -> AbstractContextManager[object]:
    """A context in which no search is cut short by what its deck may take."""
    return patch.object(Allowance, "share", SECONDS)
