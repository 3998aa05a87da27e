r"""Turns of phrase that several words make together, put into the words the grammar knows.

``f^{\prime}`` is ``f'``; ``a^{<t>}`` has brackets; ``d`` in ``dL/dx`` is an operator;
``\Sigma_{i=1}^n`` is a sum; ``{}`` is nothing.
"""

from __future__ import annotations

from derive.reading.tokens import Word

_TAKES_ARGUMENT = frozenset("SUB SUP FRAC SQRT ACCENT WRAP ROPT".split())


def rephrase(words: list[Word]) -> list[Word]:
    """The words with every idiom spelled out."""
    words = _primes(_primes_first(_assignments(_without_fillers(words))))
    _mark_differentials(words)
    _mark_sums(words)
    return words


def _without_fillers(words: list[Word]) -> list[Word]:
    """Without ``{}`` that is nobody's argument, and without wide space where a line begins."""
    out: list[Word] = []
    skip = False
    for at, word in enumerate(words):
        if not skip and word.kind not in ("QUAD", "LBRACE"):
            out.append(word)
            continue
        before = out[-1].kind if out else ""
        rest = [w.kind for w in words[at + 1 : at + 3]]
        if skip or (word.kind == "QUAD" and before == "NEWLINE"):
            skip = False
        elif word.kind == "LBRACE" and rest[:1] == ["RBRACE"] and before not in _TAKES_ARGUMENT:
            skip = rest[1:] not in (["SUB"], ["SUP"])
            if not skip:
                out.append(word)
        else:
            out.append(word)
    return out


def _mark_sums(words: list[Word]) -> None:
    r"""``\Sigma_i`` on an operand, or with a range under it, is a sum and no matrix."""
    for at, word in enumerate(words[:-1]):
        if word.text not in (r"\Sigma", "Σ") or word.kind != "NAME" or words[at + 1].kind != "SUB":
            continue
        end = _after_argument(words, at + 2)
        ranged = any(w.kind == "REL" for w in words[at + 2 : end])
        if ranged or (end < len(words) and words[end].kind != "SUP"):
            words[at] = word.as_kind("BIG", r"\Sigma")


def _after_argument(words: list[Word], at: int) -> int:
    depth = 0
    for end in range(at, len(words)):
        depth += (words[end].kind == "LBRACE") - (words[end].kind == "RBRACE")
        if depth == 0:
            return end + 1
    return len(words)


def _assignments(words: list[Word]) -> list[Word]:
    r"""``\mathrel{+}=`` as ``+=``."""
    out = list(words)
    for at in range(len(out) - 5, -1, -1):
        if out[at].kind != "WRAP":
            continue
        kinds = [w.kind for w in out[at : at + 5]]
        if kinds == ["WRAP", "LBRACE", "PM", "RBRACE", "REL"] and out[at + 4].text == "=":
            sign = out[at + 2].text + "="
            out[at : at + 5] = [Word("REL", sign, out[at].start, out[at + 4].end)]
    return out


def _primes_first(words: list[Word]) -> list[Word]:
    r"""``g^{[1]\prime}`` as ``g'^{[1]}``: a prime behind a label in brackets is the function's."""
    out = list(words)
    for at in range(len(words) - 2, -1, -1):
        if words[at].kind != "SUP" or words[at + 1].kind != "LBRACE":
            continue
        end = first = _after_argument(out, at + 1) - 1
        while out[first - 1].kind == "PRIME":
            first -= 1
        if first < end and out[first - 1].kind == "RPAR":
            out[at : end + 1] = [*out[first:end], *out[at:first], out[end]]
    return out


def _primes(words: list[Word]) -> list[Word]:
    r"""``f^\prime``, ``f^{\prime}`` and ``f^{\prime(l)}`` as ``f'``, ``f'``, ``f'^{(l)}``."""
    out: list[Word] = []
    at = 0
    while at < len(words):
        kinds = [w.kind for w in words[at : at + 3]] if words[at].kind == "SUP" else []
        if kinds[:2] == ["SUP", "PRIME"]:
            out.append(words[at + 1])
            at += 2
        elif kinds == ["SUP", "LBRACE", "PRIME"]:
            end = at + 2
            while words[end].kind == "PRIME":
                end += 1
            out.extend(words[at + 2 : end])
            if words[end].kind == "RBRACE":
                at = end + 1
            else:
                out.extend(words[at : at + 2])
                at = end
        elif kinds == ["SUP", "LBRACE", "REL"] and words[at + 2].text == "<":
            out.extend(words[at : at + 2])
            at += 2
            at = _angle(words, at)
        else:
            out.append(words[at])
            at += 1
    return out


def _angle(words: list[Word], at: int) -> int:
    r"""``a^{<t>}``: turn the signs into brackets, in place."""
    depth = 1
    for end in range(at, len(words)):
        depth += (words[end].kind == "LBRACE") - (words[end].kind == "RBRACE")
        if depth == 0:
            if words[end - 1].text == ">" and end - 1 > at:
                words[at] = words[at].as_kind("LFENCE")
                words[end - 1] = words[end - 1].as_kind("RFENCE", "<")
            break
    return at


def _mark_differentials(words: list[Word]) -> None:
    r"""``d`` above and below, ``\frac{dE}{dt}`` or ``dE/dt``, becomes an operator."""
    for at, word in enumerate(words):
        upper = lower = -1
        if word.kind == "RBRACE" and _is_d(words, at + 2) and words[at + 1].kind == "LBRACE":
            upper, lower = _d_of_fraction(words, at), at + 2
        elif word.kind == "SLASH" and _is_d(words, at + 1):
            upper, lower = _d_before_slash(words, at), at + 1
        if upper >= 0:
            words[upper] = words[upper].as_kind("PREFIX", "d")
            words[lower] = words[lower].as_kind("PREFIX", "d")


def _d_of_fraction(words: list[Word], closing: int) -> int:
    """Index of the d that opens the argument closed at ``closing``, if that is a fraction's top."""
    depth, start = 0, closing
    while start > 0:
        depth += (words[start].kind == "RBRACE") - (words[start].kind == "LBRACE")
        if depth == 0:
            break
        start -= 1
    top = words[start + 1]
    if start == 0 or words[start - 1].kind != "FRAC" or top.text.strip() != "d":
        return -1
    return start + 1 if words[start + 2].kind not in ("SUB", "LPAR") else -1


def _d_before_slash(words: list[Word], slash: int) -> int:
    """Index of the nearest d before ``slash`` with no operator in between."""
    for at in range(slash - 1, -1, -1):
        if words[at].kind in ("PM", "REL", "MUL", "SLASH", "LPAR", "COMMA", "NEWLINE"):
            return -1
        if words[at].text.strip() == "d":
            return at
    return -1


def _is_d(words: list[Word], at: int) -> bool:
    """The letter d with a symbol directly after it."""
    return (
        at + 1 < len(words)
        and words[at].kind in ("NAME", "TEXT")
        and words[at].text.strip() == "d"
        and words[at + 1].kind in ("NAME", "ACCENT", "TEXT")
    )
