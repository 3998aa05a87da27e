r"""What a MATLAB statement says as a formula, its names by the symbols that are declared for them.

    A * B      matrix product         \times          conv2(A, B, 'valid')    \star
    A .* B     by elements            \odot           conv2(A, B)             \circledast
    A'         transposed             ^{T}            filter2(K, A)           \diamond
    rot90(A, 2) turned around         rot180

An array is declared with the rows and columns that it has in the listing. What depends on the order
of elements in memory (``reshape``, ``A(:)``) is not translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from lark import Token, Tree

from derive.reading.matlab.statements import TURN
from derive.reading.problems import Unsupported
from derive.reading.unbound import Unbound

OPERATORS = {
    r"\times": "matmul",
    r"\odot": "elementwise",
    r"\star": "valid convolution",
    r"\circledast": "full convolution",
    r"\diamond": "valid correlation",
}
"""Also for `Scope.operators`: the meaning of every operator in a translated formula."""

Code = Mapping[str, str]
"""Symbols as LaTeX by the names of a listing, without spaces."""

ELEMENTWISE = {"exp": r"\exp", "log": r"\log", "tanh": r"\tanh", "sqrt": r"\sqrt", "abs": "abs"}
_SPACES = re.compile(r"\s+")


def formula(tree: Tree[Token], text: str, code: Code) -> str:
    """The equation that an assignment states, as LaTeX.

    Raises `Unbound` for a name that ``code`` does not have, `Unsupported` for what has no formula.
    """
    if tree.data != "assignment":
        raise Unsupported("the statement gives nothing a value")
    left, right = tree.children
    assert isinstance(left, Tree)
    assert isinstance(right, Tree)
    translator = _Translator(text, code)
    name = _text(left, text)
    if left.data != "reference" or name not in code:
        raise Unbound(name, target=True)
    if _is_start(right, text, code):
        raise Unbound(name, target=True)
    return f"{code[name]} = {translator.latex(right)}"


def _is_start(tree: Tree[Token], text: str, code: Code) -> bool:
    """Whether a value is only copied from an undeclared name, or room is made for it."""
    if tree.data != "reference" or _text(tree, text) in code:
        return False
    head, *parts = tree.children
    called = any(isinstance(p, Tree) and p.data == "paren" for p in parts)
    return not called or (isinstance(head, Tree) and _text(head, text) in STARTS)


def names_read(tree: Tree[Token]) -> set[str]:
    """The variables and functions of an assignment's right side, and those in indices."""
    left, right = tree.children if tree.data == "assignment" else (None, tree)
    found = set(_heads(right))
    if isinstance(left, Tree):
        inner = [c for c in left.children[1:] if isinstance(c, Tree)]
        found |= {name for part in inner for name in _heads(part)}
    return found


def variables_read(tree: Tree[Token]) -> set[str]:
    """The names on an assignment's right side that cannot be functions: nothing is in brackets."""
    right = tree.children[1] if tree.data == "assignment" else tree
    references = right.find_data("reference") if isinstance(right, Tree) else ()
    return {
        str(r.children[0].children[0])
        for r in references
        if isinstance(r.children[0], Tree)
        and not any(isinstance(p, Tree) and p.data == "paren" for p in r.children[1:2])
    }


def name_given(tree: Tree[Token]) -> str | None:
    """The variable that an assignment gives a value, or a part of one."""
    left = tree.children[0] if tree.data == "assignment" else None
    heads = list(_heads(left)) if isinstance(left, Tree) and left.data == "reference" else []
    return heads[0] if heads else None


def fields_given(tree: Tree[Token]) -> Iterator[str]:
    """The fields to which an assignment gives values: programs hand them on by these names."""
    left = tree.children[0] if tree.data == "assignment" else None
    parts = left.children if isinstance(left, Tree) and left.data == "reference" else []
    for part in parts:
        if isinstance(part, Tree) and part.data == "field":
            yield str(part.children[0])


def _heads(tree: Tree[Token] | Token | None) -> Iterator[str]:
    if isinstance(tree, Tree):
        if tree.data == "name":
            yield str(tree.children[0])
        for child in tree.children:
            yield from _heads(child)


def _text(tree: Tree[Token], text: str) -> str:
    """The source of a tree, without spaces."""
    return _SPACES.sub("", text[tree.meta.start_pos : tree.meta.end_pos]).replace(TURN, "'")


class _Translator:
    """Trees to LaTeX, one method a rule of the grammar."""

    def __init__(self, text: str, code: Code) -> None:
        self.text = text
        self.code = code

    def latex(self, tree: Tree[Token] | Token) -> str:
        """The LaTeX of an expression. Raises as `formula`."""
        assert isinstance(tree, Tree)
        rule: Callable[[Tree[Token]], str] | None = getattr(self, f"_{tree.data}", None)
        if rule is None:
            raise Unsupported(f"{_text(tree, self.text)} has no formula here")
        return rule(tree)

    def _number(self, tree: Tree[Token]) -> str:
        (token,) = tree.children
        mantissa, _, exponent = str(token).lower().partition("e")
        digits = mantissa.strip(".") if "." in (mantissa[:1], mantissa[-1:]) else mantissa
        digits = f"0.{digits}" if mantissa.startswith(".") else digits
        return rf"({digits} \cdot 10^{{{int(exponent)}}})" if exponent else digits

    def _string(self, tree: Tree[Token]) -> str:
        raise Unsupported("a text is no number")

    def _group(self, tree: Tree[Token]) -> str:
        return f"({self.latex(tree.children[0])})"

    def _signed(self, tree: Tree[Token]) -> str:
        sign, body = tree.children
        if sign not in ("+", "-"):
            raise Unsupported(f"{sign} is a logical operator")
        return f"({sign}{self.latex(body)})"

    def _transposed(self, tree: Tree[Token]) -> str:
        return f"({self.latex(tree.children[0])})^{{T}}"

    def _binary(self, tree: Tree[Token]) -> str:
        left, sign, right = tree.children
        first, second = self.latex(left), self.latex(right)
        if sign in ("+", "-"):
            return rf"{first} {sign} {second}"
        if sign in ("*", ".*"):
            return rf"{_tight(first)} {OPERATOR_OF[str(sign)]} {_tight(second)}"
        if sign in ("/", "./"):
            return rf"\frac{{{first}}}{{{second}}}"
        if sign == ".^" and second in ("2", "3"):
            return r" \odot ".join([f"({first})"] * int(second))
        raise Unsupported(f"{sign} has no formula here")

    def _compared(self, tree: Tree[Token]) -> str:
        left, sign, right = tree.children
        relation = {">": ">", "<": "<", ">=": r"\ge", "<=": r"\le"}.get(str(sign))
        if relation is None:
            raise Unsupported(f"{_text(tree, self.text)} has no formula here")
        return rf"\mathbb{{1}}[{self.latex(left)} {relation} {self.latex(right)}]"

    def _reference(self, tree: Tree[Token]) -> str:
        name = _text(tree, self.text)
        if name in self.code:
            return f"{{{self.code[name]}}}"
        head, *parts = tree.children
        function = _text(head, self.text) if isinstance(head, Tree) else str(head)
        arguments = _arguments(parts)
        if arguments is None:
            raise Unbound(name)
        return self._call(function, arguments, name)

    def _call(self, function: str, arguments: list[Tree[Token]], name: str) -> str:
        if function in ELEMENTWISE and len(arguments) == 1:
            return f"{ELEMENTWISE[function]}({self.latex(arguments[0])})"
        if function == "rot90" and len(arguments) == 2 and _number_of(arguments[1]) == 2:
            return rf"\operatorname{{rot180}}({self.latex(arguments[0])})"
        if function == "conv2" and len(arguments) in (2, 3):
            shape = _string_of(arguments[2]) if len(arguments) == 3 else "full"
            operator = {"valid": r"\star", "full": r"\circledast"}.get(shape)
            if operator is not None:
                return rf"(({self.latex(arguments[0])}) {operator} ({self.latex(arguments[1])}))"
        if function == "filter2" and len(arguments) == 3 and _string_of(arguments[2]) == "valid":
            return rf"(({self.latex(arguments[1])}) \diamond ({self.latex(arguments[0])}))"
        if function in KNOWN:
            raise Unsupported(f"{function} has no formula here")
        raise Unbound(function)


STARTS = frozenset({"zeros", "ones", "size", "rand", "randn", "length", "numel"})
"""Functions that make room for values, or count them."""
OPERATOR_OF = {"*": r"\times", ".*": r"\odot"}
KNOWN = frozenset(
    "size zeros ones length numel find rand randn randperm repmat kron sum mean max min floor "
    "ceil reshape "
    "mod strcmp struct cell permute squeeze conv2 filter2 convn rot90 isempty eye diag cat "
    "cellfun arrayfun sprintf num2str load".split()
)
"""Functions of MATLAB that no formula stands for."""


def _tight(latex: str) -> str:
    """A factor: a sum in brackets."""
    return f"({latex})" if re.search(r"[+-]", latex) else latex


def _arguments(parts: list[Tree[Token] | Token]) -> list[Tree[Token]] | None:
    """The arguments where the reference is a name with one bracketed list behind it."""
    if len(parts) != 1 or not isinstance(parts[0], Tree) or parts[0].data != "paren":
        return None
    lists = [c for c in parts[0].children if isinstance(c, Tree)]
    return [a for c in lists for a in c.children if isinstance(a, Tree)]


def _number_of(tree: Tree[Token]) -> float | None:
    return float(str(tree.children[0])) if tree.data == "number" else None


def _string_of(tree: Tree[Token]) -> str:
    return str(tree.children[0]).strip("'\"") if tree.data == "string" else ""
