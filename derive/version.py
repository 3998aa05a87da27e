"""The version, in one place: the package, the JSON face and the header of emitted code read it."""

from __future__ import annotations

VERSION = "0.1.0"
