r"""Names: the texts of symbols as authors write them, and the ASCII names that code gives them.

A *head* is a symbol without its scripts, as LaTeX: ``C``, ``\hat{y}``, ``\mathrm{net}``, ``h'``. A
*label* is a script item that belongs to the name and is no index: the ``1`` in ``C_p^1``, ``(2)``
in ``a^{(2)}``, ``rot180``.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise

from derive.equations import Notation
from derive.reading.surface import Group, Juxtaposition, Name, Node, Numeral, Scripted

_COMBINING = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_SUFFIX = {"overline": "bar", "widehat": "hat", "widetilde": "tilde"}
_WIDE = re.compile(r"\\(" + "|".join(_SUFFIX) + r")\{")
_STYLES = {"mathbf", "boldsymbol", "mathrm", "mathit", "mathcal", "bm", "text", "operatorname"}
_GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
        "varsigma sigma tau upsilon phi chi psi omega".split(),
        "αβγδεζηθικλμνξοπρςστυφχψω",
        strict=True,
    )
) | {"Delta": "Δ", "Gamma": "Γ", "Theta": "Θ", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω", "Pi": "Π"}


def head(name: Name) -> str:
    r"""The symbol without its scripts: accents, base and primes as LaTeX."""
    text = name.base
    if len(text) > 1 and not text.startswith("\\"):
        text = rf"\mathrm{{{text}}}"
    for accent in reversed(name.accents):
        text = f"{accent}{{{text}}}"
    return text + "'" * name.primes


def is_bare(node: Node) -> bool:
    """True for a symbol without any decoration, as an index letter is written."""
    return isinstance(node, Name) and not (node.sub or node.sup or node.accents or node.primes)


def letter_of(node: Node) -> str | None:
    """The key of an index letter: ``i``, ``alpha``, ``k'``, ``u_1``; ``None`` if it is none."""
    if not isinstance(node, Name) or node.sup or node.accents:
        return None
    key = _base_key(node)
    return None if key is None else key + "'" * node.primes


def size_key(name: Name) -> str | None:
    """The name under which a size is declared: ``N``, ``a_1``; ``None`` if it cannot be one."""
    return None if name.primes or name.accents else _base_key(name)


def _base_key(name: Name) -> str | None:
    """The symbol with its lower labels."""
    if not name.sub:
        return name.base.lstrip("\\")
    subs = [label(item) for item in name.sub]
    if any(s is None or not s.isalnum() for s in subs):
        return None
    return "_".join([name.base.lstrip("\\"), *(s for s in subs if s)])


def label(node: Node) -> str | None:
    """A script item as the text of a label, or ``None`` where it is an expression."""
    if isinstance(node, Numeral):
        return node.text
    if isinstance(node, Name):
        return head(node) if not (node.sub or node.sup) else None
    if isinstance(node, Group):
        inner = label(node.body)
        close = {"(": ")", "[": "]", "{": "}"}.get(node.bracket, node.bracket)
        return None if inner is None else f"{node.bracket}{inner}{close}"
    if isinstance(node, Juxtaposition):
        parts = [label(f) for f in node.factors]
        return None if None in parts else "".join(p for p in parts if p)
    if isinstance(node, Scripted):
        return None
    return None


def spread(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """Script items with juxtaposed letters taken apart: ``W_{ij}`` has the items i and j."""
    result: list[Node] = []
    for item in items:
        result.extend(item.factors if isinstance(item, Juxtaposition) else (item,))
    return tuple(result)


def word_of(factors: tuple[Node, ...]) -> str:
    """``ns`` from letters that touch: a name of several letters; empty where they are none."""
    names = [f for f in factors if isinstance(f, Name) and is_bare(f) and len(f.base) == 1]
    touching = all(a.span.end == b.span.start for a, b in pairwise(factors))
    return "".join(n.base for n in names) if touching and len(names) == len(factors) else ""


def same_label(first: str, second: str) -> bool:
    """Whether two labels are the same up to spaces and braces."""
    return first == second or squeezed(first) == squeezed(second)


@lru_cache(maxsize=4096)
def unstyled(text: str) -> str:
    r"""A head without fonts, its accents of one width: ``\mathbf{W}`` is ``W``."""
    pattern = r"\\(?:mathbf|boldsymbol|bm|mathit|mathcal|mathrm|vec|pmb|mathsf)\{([^{}]*)\}"
    return _WIDE.sub(lambda m: "\\" + _SUFFIX[m[1]] + "{", re.sub(pattern, r"\1", text))


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """A label without spaces and braces, by which labels are compared."""
    return re.sub(r"[\s{}]|\\mathrm|\\,", "", text)


def ascii_head(text: str) -> str:
    r"""``\hat{y}`` is ``yhat``, ``\sigma`` is ``sigma``, ``h'`` is ``h_prime``."""
    primes = len(text) - len(text.rstrip("'"))
    words = re.findall(r"\\[A-Za-z]+|[A-Za-z0-9_]+", text.rstrip("'"))
    accents = [w[1:] for w in words if w.startswith("\\")]
    plain = [w for w in words if not w.startswith("\\")]
    if not plain and accents:
        plain, accents = [accents[-1]], accents[:-1]
    kept = [_SUFFIX.get(a, a) for a in accents if a not in _STYLES]
    return "_".join(plain) + "".join(reversed(kept)) + "_prime" * primes


def ascii_name(notation: Notation, taken: Container[str] = ()) -> str:
    r"""A unique Python identifier for a tensor: ``C_p^1`` is ``C1``, ``\hat y`` is ``yhat``.

    Upper labels are part of it, else lower ones; both where the name would not be unique.
    """
    upper = "".join(_plain_label(s) for s in notation.sup if isinstance(s, str))
    lower = "".join(_plain_label(s) for s in notation.sub if isinstance(s, str))
    stem = identifier(ascii_head(notation.head) + (upper or lower))
    longer = identifier(f"{ascii_head(notation.head)}{upper}_{lower}") if upper and lower else stem
    for candidate in (stem, longer):
        if candidate not in taken:
            return candidate
    return next(c for n in range(2, 10**6) if (c := f"{longer}_{n}") not in taken)


def identifier(text: str) -> str:
    """``text`` as a Python identifier that is neither a keyword nor a builtin, nor private."""
    clean = re.sub(r"[^A-Za-z0-9_]", "", text).strip("_") or "tensor"
    if clean[0].isdigit():
        clean = "t" + clean
    return clean + "_" if keyword.iskeyword(clean) or hasattr(builtins, clean) else clean


def _plain_label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", unstyled(text).replace("\\", ""))


def readable(latex: str) -> str:
    r"""LaTeX of a symbol as plain text for messages: ``\hat{y}`` is ŷ, ``\sigma`` is σ."""
    text = re.sub(r"\\([A-Za-z]+) ?", lambda m: _GREEK.get(m[1], m[0]), latex)
    for accent, mark in _COMBINING.items():
        text = re.sub(rf"\\(?:wide)?{accent}\{{(\\?\w+)\}}", rf"\1{mark}", text)
    return re.sub(r"\\(?:mathrm|text|operatorname|mathbf|boldsymbol)\{([^{}]*)\}", r"\1", text)


def whole(notation: Notation) -> str:
    """The tensor's name in a message: ``S_p^1``, and ``x`` for what is written ``x_i``."""
    return readable(written(notation) if notation.args else without_slots(notation))


def without_slots(notation: Notation) -> str:
    """How the author writes all of the tensor: its letter with the labels that are no indices."""
    sub, sup = (
        tuple(s for s in items if isinstance(s, str)) for items in (notation.sub, notation.sup)
    )
    return written(Notation(notation.head, sub, sup))


def written(notation: Notation, indices: tuple[str, ...] | None = None, prefix: str = "") -> str:
    r"""How the author writes the tensor, with the given index texts in its slots.

    Without ``indices`` the array slots are left out: ``C_p^1``; slots in scripts get p, q, r, ….
    """
    texts = indices or tuple("pqrstuvw"[k % 8] for k in range(16))

    def script(mark: str, items: tuple[int | str, ...]) -> str:
        if not items:
            return ""
        inner = ",".join(texts[s] if isinstance(s, int) else s for s in items)
        return f"{mark}{inner}" if len(inner) == 1 else f"{mark}{{{inner}}}"

    text = prefix + (" " if prefix[-1:].isalpha() and notation.head[:1].isalpha() else "")
    text += notation.head + script("_", notation.sub) + script("^", notation.sup)
    if indices and notation.args:
        close = {"(": ")", "[": "]"}.get(notation.bracket, ")")
        text += notation.bracket + ", ".join(texts[s] for s in notation.args) + close
    return text
