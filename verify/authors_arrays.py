r"""A sum of products of elements as a product of whole arrays, as matrix notation has it.

sum_i M[i,a] v[i]         M^T v            u[a] v[b]              u v^T
sum_i A[a,i] B[i,b]       A B              f[a] g[a]              f \odot g
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.expr import ONE, Access, Expr, Product, Summation, product
from derive.index import Axis, Index
from derive.pieces import scaled
from derive.printer import FACTOR, TERM
from derive.typeset import rational
from verify.authors_printer import WholePrinter
from verify.mending.edit import transposition

Factors = list[Expr]


def as_arrays(term: Expr, axes: Sequence[Axis], printer: WholePrinter) -> tuple[str, str] | None:
    """Sign and text of ``term``, an element at ``axes``, as arrays; ``None`` where it is no such.

    A vector counts as a column; whether all of every array is summed over is not looked at.
    """
    scale, rest = scaled(term)
    bound = rest.axes if isinstance(rest, Summation) else ()
    body = rest.body if isinstance(rest, Summation) else rest
    factors = [f for f in (body.factors if isinstance(body, Product) else (body,)) if f != ONE]
    if len(bound) > 1 or not 1 <= len(axes) <= 2 or any(isinstance(f, Summation) for f in factors):
        return None
    groups: dict[frozenset[Axis], Factors] = {}
    for factor in factors:
        groups.setdefault(factor.free_axes, []).append(factor)
    numbers = groups.pop(frozenset(), [])
    beside = groups.pop(frozenset(axes), [])
    inner = _product(groups, axes, bound, printer)
    if inner is None or (not inner and not beside):
        return None
    text = r" \odot ".join(_factors(beside, printer))
    if inner:
        text = rf"\left( {inner} \right) \odot {text}" if text else inner
    front = printer.at_level(product(*numbers), FACTOR) + " " if numbers else ""
    size = "" if abs(scale) == 1 else rational(abs(scale)) + " "
    if r"\odot" in text and (front or size):
        text = rf"\left( {text} \right)"
    return ("-" if scale < 0 else "+"), size + front + text


def _product(
    groups: dict[frozenset[Axis], Factors],
    axes: Sequence[Axis],
    bound: Sequence[Axis],
    printer: WholePrinter,
) -> str | None:
    """The matrix product of what is no factor of every element; empty where there is nothing."""
    groups = dict(groups)
    if not groups:
        return "" if not bound else None
    turned = transposition(printer.stock.text)
    first, last = axes[0], axes[-1]
    if not bound:
        sides = [groups.pop(frozenset({a}), []) for a in (first, last)]
        if groups or not all(sides):
            return None
        left, right = (_vector(s, printer) for s in sides)
        return f"{left} {_raised(right, turned)}"
    (i,) = bound
    left_matrix = _matrix(groups.pop(frozenset({first, i}), []), first, i, printer, turned)
    if len(axes) == 1:
        vector = groups.pop(frozenset({i}), [])
        whole = None if groups or not vector else _vector(vector, printer)
    else:
        whole = _matrix(groups.pop(frozenset({i, last}), []), i, last, printer, turned)
        whole = None if groups else whole
    return None if left_matrix is None or whole is None else f"{left_matrix} {whole}"


def _matrix(
    found: Factors, row: Axis, column: Axis, printer: WholePrinter, turned: str
) -> str | None:
    """One factor of two indices with its rows along ``row``."""
    if len(found) != 1 or not isinstance(found[0], Access):
        return None
    text = printer.access(found[0])
    if found[0].indices == (Index.of(row), Index.of(column)):
        return text
    if found[0].indices == (Index.of(column), Index.of(row)):
        return _raised(text, turned)
    return None


def _vector(found: Factors, printer: WholePrinter) -> str:
    texts = _factors(found, printer)
    joined = r" \odot ".join(texts)
    return f"({joined})" if len(texts) > 1 else joined


def _factors(found: Factors, printer: WholePrinter) -> list[str]:
    level = FACTOR if len(found) > 1 else TERM
    return [printer.at_level(f, level) for f in found]


def _raised(text: str, turned: str) -> str:
    """The transpose of what is typed, in brackets where it has a script or a line already."""
    plain = "^" not in text and not text.startswith((r"\frac", "("))
    return f"{text}{turned}" if plain or text.startswith("(") else rf"\left( {text} \right){turned}"
