"""A name of a listing for which nobody declared a symbol."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unbound(Exception):
    """A name of the listing without a declared meaning; ``target`` where it is given a value."""

    name: str
    target: bool = False
