"""Surface trees as `parse` gives them: normal forms of the grammar, generated at random."""

from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from derive.reading.lists import gather
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Cases,
    Collection,
    Dots,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Missing,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Root,
    Scripted,
    Sequence,
    Unary,
    Words,
)

Nodes = st.SearchStrategy[Node]

BASES = ["a", "f", "x", "W", "C", r"\sigma", r"\theta", r"\ell", "ReLU", "rot180", "d"]
ACCENTS = [(), (), (), (r"\hat",), (r"\mathbf",), (r"\bar", r"\boldsymbol")]
numerals = st.sampled_from(["0", "1", "12", "0.5470", "1e-5", "0,25"]).map(
    lambda text: Numeral(text, Fraction(text.replace(",", ".")))
)
plain_names = st.sampled_from(BASES).map(Name)


def is_stable(items: tuple[Node, ...]) -> bool:
    """Items that stand apart: no quantifier to put together, no chain to continue."""
    return gather([(item, "QUAD") for item in items]) == items


def lists(items: Nodes, least: int = 1, most: int = 3) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple).filter(is_stable)


def scripts(inner: Nodes) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.just(()) | lists(inner | plain_names, most=2)


def names(inner: Nodes) -> Nodes:
    return st.builds(
        Name,
        st.sampled_from(BASES),
        st.sampled_from(ACCENTS),
        st.integers(0, 2),
        scripts(inner),
        scripts(inner),
    )


def relations(inner: Nodes) -> Nodes:
    signs = st.sampled_from(["=", r"\Rightarrow", r"\le", r"\in", ":="])
    return st.builds(lambda a, o, b: Relation((a, b), (o,)), inner, signs, inner) | st.builds(
        lambda a, o, b, p, c: Relation((a, b, c), (o, p)), inner, signs, inner, signs, inner
    )


def quantifiers() -> Nodes:
    right = st.builds(lambda a, b: Collection((a, Dots(), b), bracket=""), numerals, plain_names)
    left = plain_names | st.builds(
        lambda a, b: Collection((a, b), bracket=""), plain_names, plain_names
    )
    return st.builds(lambda a, b: Relation((a, b), ("=",)), left, right)


def _flat(factors: tuple[Node, ...]) -> Node:
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Juxtaposition) else (factor,))
    return Juxtaposition(tuple(flat))


def _scripted(inner: Nodes) -> Nodes:
    bodies = numerals | st.builds(Group, inner) | st.builds(Fraction_, inner, inner)
    exponents = lists(inner | plain_names, most=2)
    return st.builds(Scripted, bodies, scripts(inner), exponents)


def _tables(inner: Nodes) -> Nodes:
    rows = st.lists(
        st.tuples(inner, inner | st.just(Dots()) | st.just(Missing())), min_size=1, max_size=3
    )
    return st.builds(Matrix, rows.map(tuple), st.sampled_from(["bmatrix", "pmatrix", "array"]))


def _compound(inner: Nodes) -> Nodes:
    heads = names(inner)
    arguments = st.lists(inner, min_size=1, max_size=3).map(tuple)
    letters = st.sampled_from([r"\Delta", r"\partial", r"\nabla"])
    functions = st.sampled_from([r"\log", r"\exp", r"\tanh"]).map(Name)
    bounds = lists(plain_names | relations(inner), most=2)
    operators = st.sampled_from(["+", "-", "*", r"\cdot", r"\times", r"\odot", "@", "/"])
    return st.one_of(
        heads,
        st.builds(Call, heads, arguments, st.sampled_from("([")),
        st.builds(lambda h, a: Call(h, (a,), ""), functions, inner),
        st.builds(lambda h, a: Call(h, (a,)), functions, inner),
        st.builds(Group, inner, st.sampled_from(["(", "[", "|", r"\|", r"\lceil", "<"])),
        st.builds(Collection, lists(inner, least=2), bracket=st.sampled_from("([{")),
        st.builds(Collection, lists(inner), scripts(inner), bracket=st.just("{")),
        st.builds(Unary, st.sampled_from(["-", "+", r"\pm"]), inner),
        st.builds(Binary, operators, inner, inner),
        lists(inner | numerals, least=2).map(_flat),
        st.builds(Prefixed, letters, inner, scripts(inner)),
        st.builds(Fraction_, inner, inner),
        st.builds(Root, inner, st.none() | numerals),
        st.builds(Big, st.sampled_from([r"\sum", r"\prod", r"\max", r"\arg\max"]), bounds,
                  st.none() | inner, inner),
        _scripted(inner),
        _tables(inner),
        st.builds(lambda a, b, c: Cases(((a, b), (c, None))), inner, relations(inner), inner),
    )  # fmt: skip


@cache
def _level(depth: int) -> Nodes:
    return _compound(trees(depth=depth - 1))


@st.composite
def trees(draw: st.DrawFn, depth: int) -> Node:
    """Composite by depth, so that a strategy prints as ``trees(depth=3)``."""
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(numerals | plain_names)
    return draw(_level(depth))


expressions: Nodes = trees(depth=3)
items: Nodes = expressions | relations(expressions) | quantifiers() | st.just(Words(" where "))
formulas = lists(items).map(Sequence)
