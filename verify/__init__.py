"""Claims in; verdicts out. Loaded when first used, like `derive`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.fixing import fix
    from verify.functions import gradient_check, vjp_check
    from verify.judge import judge_deck
    from verify.verdict import Judgement, Status, Verdict

_HOMES = {
    "Judgement": "verify.verdict",
    "Status": "verify.verdict",
    "Verdict": "verify.verdict",
    "fix": "verify.fixing",
    "gradient_check": "verify.functions",
    "judge_deck": "verify.judge",
    "vjp_check": "verify.functions",
}

__all__ = ["Judgement", "Status", "Verdict", "fix", "gradient_check", "judge_deck", "vjp_check"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
