r"""What a Python statement says as a formula, its names by the symbols that are declared for them.

    A @ B, np.dot(A, B)      \times        A * B, np.multiply(A, B)    \odot
    A.T, A.t()               ^{T}          A > 0                       \mathbb{1}[A > 0]
    x ** 2                   x \odot x     np.sum(A, axis=0)           as it is: claims read it
    torch.sigmoid(x)         1/(1 + e^-x)  W -= a                      W \leftarrow W - a

A statement that sets an option of a call, ``SGD(..., lr=0.1)``, states that number where the option
is declared. Trees of `ast` are looked at, never run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

from derive.reading.problems import Unsupported
from derive.reading.unbound import Unbound

Code = Mapping[str, str]
"""Symbols as LaTeX by the names of a listing."""
LIBRARIES = frozenset("np numpy jnp torch tf math F nn xp cp autograd".split())
ELEMENTWISE = {
    "exp": r"\exp", "log": r"\log", "tanh": r"\tanh", "sqrt": r"\sqrt", "abs": "abs",
}  # fmt: skip
PRODUCTS = {"dot": r"\times", "matmul": r"\times", "mm": r"\times", "multiply": r"\odot"}
MADE = frozenset("tensor array asarray Parameter Variable float float32 float64".split())
"""Calls whose value is that of their first argument."""
STARTS = frozenset(
    "zeros ones zeros_like ones_like rand randn random normal uniform empty full arange linspace "
    "shape size len range load open".split()
)
"""Functions that make room for values, or count them."""
_AXES = frozenset({"axis", "dim", "keepdims", "keepdim"})
_COMPARED = {ast.Gt: ">", ast.GtE: r"\ge", ast.Lt: "<", ast.LtE: r"\le"}


def formulas(tree: ast.stmt, code: Code) -> list[str]:
    """The equations that an assignment states, as LaTeX; several where options are declared.

    Raises `Unbound` for a name that ``code`` does not have, `Unsupported` for what has no formula.
    """
    translator = _Translator(code)
    if isinstance(tree, ast.AugAssign):
        return [translator.step(tree)]
    if isinstance(tree, ast.Assign) and len(tree.targets) == 1:
        target, value = tree.targets[0], tree.value
    elif isinstance(tree, ast.AnnAssign) and tree.value is not None:
        target, value = tree.target, tree.value
    else:
        raise Unsupported("the statement gives no single value")
    name = _text(target)
    if name not in code:
        if options := list(_options(value, code)):
            return options
        raise Unbound(name, target=True)
    if _is_start(value, code):
        raise Unbound(name, target=True)
    return [f"{code[name]} = {translator.latex(value)}"]


def names_read(tree: ast.stmt) -> set[str]:
    """The variables that a statement reads; no functions, attributes or options."""
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    names = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called)
    return {n.id for n in names if isinstance(n.ctx, ast.Load)}


def names_given(tree: ast.stmt) -> set[str]:
    """The variables that a statement gives values, the parameters of functions among them."""
    stored = (n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not _reads(n))
    return {*stored, *(a.arg for a in ast.walk(tree) if isinstance(a, ast.arg))}


def _reads(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _text(tree: ast.expr) -> str:
    """The source of a tree as Python writes it, without spaces."""
    return re.sub(r"\s+", "", ast.unparse(tree))


def _is_start(value: ast.expr, code: Code) -> bool:
    """Whether a value is only copied from an undeclared name, or room is made for it."""
    if isinstance(value, ast.Name | ast.Attribute | ast.Subscript) and _text(value) not in code:
        return True
    return isinstance(value, ast.Call) and _function(value.func) in STARTS


def _options(value: ast.expr, code: Code) -> list[str]:
    """``lr=0.1`` of a call as an equation, where the option is declared."""
    if not isinstance(value, ast.Call):
        return []
    return [
        f"{code[k.arg]} = {_number(k.value)}"
        for k in value.keywords
        if k.arg is not None and k.arg in code and _is_number(k.value)
    ]


def _is_number(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and type(tree.value) in (int, float)


def _number(tree: ast.expr) -> str:
    mantissa, _, exponent = ast.unparse(tree).lower().partition("e")
    mantissa = mantissa.removesuffix(".")
    return rf"({mantissa} \cdot 10^{{{int(exponent)}}})" if exponent else mantissa


def _function(tree: ast.expr) -> str:
    """The last name of what is called."""
    return tree.attr if isinstance(tree, ast.Attribute) else getattr(tree, "id", "")


class _Translator:
    """Trees to LaTeX, one method a kind of node."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def step(self, tree: ast.AugAssign) -> str:
        r"""``W -= a`` as ``W \leftarrow W - (a)``. Raises as `formulas`."""
        name = _text(tree.target)
        sign = {ast.Add: "+", ast.Sub: "-"}.get(type(tree.op))
        if name not in self.code:
            raise Unbound(name, target=True)
        if sign is None:
            raise Unsupported("a step that multiplies or divides")
        symbol = self.code[name]
        return rf"{symbol} \leftarrow {symbol} {sign} {_tight(self.latex(tree.value))}"

    def latex(self, tree: ast.expr) -> str:
        """The LaTeX of an expression. Raises as `formulas`."""
        name = _text(tree)
        if name in self.code:
            return f"{{{self.code[name]}}}"
        rule: Callable[[ast.expr], str] | None = getattr(self, f"_{type(tree).__name__}", None)
        if rule is None:
            raise Unsupported(f"{name} has no formula here")
        return rule(tree)

    def _Name(self, tree: ast.Name) -> str:
        raise Unbound(tree.id)

    def _Subscript(self, tree: ast.Subscript) -> str:
        raise Unbound(_text(tree))

    def _Attribute(self, tree: ast.Attribute) -> str:
        if tree.attr == "T":
            return f"({self.latex(tree.value)})^{{T}}"
        raise Unbound(_text(tree))

    def _Constant(self, tree: ast.Constant) -> str:
        if not _is_number(tree):
            raise Unsupported(f"{_text(tree)} is no number")
        return _number(tree)

    def _UnaryOp(self, tree: ast.UnaryOp) -> str:
        if not isinstance(tree.op, ast.USub | ast.UAdd):
            raise Unsupported("a logical operator")
        sign = "-" if isinstance(tree.op, ast.USub) else "+"
        return f"({sign}{_tight(self.latex(tree.operand))})"

    def _Compare(self, tree: ast.Compare) -> str:
        sign = _COMPARED.get(type(tree.ops[0])) if len(tree.ops) == 1 else None
        if sign is None:
            raise Unsupported(f"{_text(tree)} has no formula here")
        sides = self.latex(tree.left), self.latex(tree.comparators[0])
        return rf"\mathbb{{1}}[{sides[0]} {sign} {sides[1]}]"

    def _BinOp(self, tree: ast.BinOp) -> str:
        first, second = self.latex(tree.left), self.latex(tree.right)
        match tree.op:
            case ast.Add():
                return f"{first} + {second}"
            case ast.Sub():
                return f"{first} - {_tight(second)}"
            case ast.Div():
                return rf"\frac{{{first}}}{{{second}}}"
            case ast.Mult():
                return rf"{_tight(first)} \odot {_tight(second)}"
            case ast.MatMult():
                return rf"({_tight(first)} \times {_tight(second)})"
            case ast.Pow() if second in ("2", "3"):
                return r" \odot ".join([f"({first})"] * int(second))
        raise Unsupported(f"{_text(tree)} has no formula here")

    def _Call(self, tree: ast.Call) -> str:
        function = _function(tree.func)
        owner = tree.func.value if isinstance(tree.func, ast.Attribute) else None
        method = owner is not None and _text(owner).split(".")[0] not in LIBRARIES
        arguments = [owner, *tree.args] if method and owner is not None else list(tree.args)
        if function in MADE and arguments and not method:
            return self.latex(arguments[0])
        if function in ("sum", "mean") and len(arguments) == 1:
            return f"np.{function}({self.latex(arguments[0])}{_axes(tree)})"
        if not tree.keywords:
            found = self._of_values(function, arguments)
            if found is not None:
                return found
        if function in ("max", "min", "argmax", "reshape", "clip", "where", *STARTS):
            raise Unsupported(f"{function} has no formula here")
        raise Unbound(_text(tree.func))

    def _of_values(self, function: str, arguments: list[ast.expr]) -> str | None:
        """The value of a function of arrays; ``None`` for one that is not known."""
        count = len(arguments)
        if function in ELEMENTWISE and count == 1:
            return f"{ELEMENTWISE[function]}({self.latex(arguments[0])})"
        if function == "sigmoid" and count == 1:
            return rf"\frac{{1}}{{1 + \exp(-({self.latex(arguments[0])}))}}"
        if function == "relu" and count == 1:
            return rf"\max(0, {self.latex(arguments[0])})"
        if function in ("maximum", "minimum") and count == 2:
            values = ", ".join(map(self.latex, arguments))
            return rf"\{function[:3]}({values})"
        if function in PRODUCTS and count == 2:
            first, second = map(self.latex, arguments)
            return f"({_tight(first)} {PRODUCTS[function]} {_tight(second)})"
        if function == "outer" and count == 2:
            return f"np.outer({', '.join(map(self.latex, arguments))})"
        if function in ("transpose", "t") and count == 1:
            return f"({self.latex(arguments[0])})^{{T}}"
        return None


def _axes(tree: ast.Call) -> str:
    """The options that say along which axis is summed."""
    if unknown := [k.arg for k in tree.keywords if k.arg not in _AXES]:
        raise Unsupported(f"the option {unknown[0]} has no formula here")
    return "".join(f", {k.arg}={ast.unparse(k.value)}" for k in tree.keywords)


def _tight(latex: str) -> str:
    """A factor: a sum in brackets."""
    return f"({latex})" if re.search(r"[+-]", latex) else latex
