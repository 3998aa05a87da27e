"""Names with braces that front matter leaves unquoted: ``types: {W_{xh}: matrix n d}``.

In a ``{ … }`` or ``[ … ]`` of YAML a brace within a plain name is always an error, so that putting
such names in quotes changes no text that can be read as it is.
"""

from __future__ import annotations

import re

_BRACED = r"\{(?:[^{}'\"\n]|\{[^{}'\"\n]*\})*\}"
_PLAIN = r"[^\s'\"{}\[\],:#]"
_NAME = re.compile(
    rf"(?P<before>[{{\[,]\s*)(?P<name>{_PLAIN}+(?:{_BRACED}{_PLAIN}*)+)(?=\s*(?:[,\]}}]|:\s))"
)


def with_names_quoted(source: str) -> str:
    """``source`` with single quotes around names of flow collections that have braces."""
    return _NAME.sub(r"\g<before>'\g<name>'", source)
