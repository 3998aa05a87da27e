"""Functions of a Python listing, put in where they are called: what they return, as one expression.

    class Net:                          net = Net()
        def forward(self, x):           y = net(u)      is      y = act(act(u * self.a) * self.b)
            x = act(x * self.a)
            return act(x * self.b)

Only bodies without branches are put in, whose every statement gives one name its value. A class
stands for its ``forward`` or ``__call__``. Nothing is ever run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

CALLED = ("forward", "__call__")
"""The methods by which an object is called."""
DEEPEST = 8
"""Calls inside the bodies of others that are put in."""
MOST_NODES = 400
"""Larger expressions are not put together."""


@dataclass(frozen=True)
class Function:
    """What a function returns, by its parameters."""

    name: str
    parameters: tuple[str, ...]
    returned: ast.expr


@dataclass
class Functions:
    """The functions and classes that listings have defined so far, and their instances."""

    known: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, Function] = field(default_factory=dict)

    def define(self, listing: str) -> None:
        """Take up what a listing defines; nothing where its indentation was lost."""
        for node in _body(listing):
            if isinstance(node, ast.FunctionDef):
                _keep(self.known, node.name, _function(node))
            elif isinstance(node, ast.ClassDef):
                methods = (m for m in node.body if isinstance(m, ast.FunctionDef))
                called = next((m for m in methods if m.name in CALLED), None)
                made = None if called is None else _function(called, method=True)
                _keep(self.classes, node.name, made)

    def note(self, statement: ast.stmt) -> None:
        """Take up an instance, ``net = Net()``; a name that gets another value is none."""
        if not isinstance(statement, ast.Assign):
            return
        value = statement.value
        of = (
            value.func.id
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
            else ""
        )
        for target in statement.targets:
            if isinstance(target, ast.Name):
                _keep(self.known, target.id, self.classes.get(of))

    def put_in(self, statement: ast.stmt) -> str | None:
        """The statement with its calls put in, as text; ``None`` where there are none."""
        calls = _Calls(self.known)
        found = calls.visit(deepcopy(statement))
        if not calls.any or sum(1 for _ in ast.walk(found)) > MOST_NODES:
            return None
        return ast.unparse(ast.fix_missing_locations(found))


@dataclass(frozen=True)
class Inside:
    """A statement in the body of a function, by the values that its parameters have there.

    ``of_parameter`` says that ``name``, which it gives a value, is a parameter.
    """

    function: str
    name: str
    of_parameter: bool
    text: str


def insides(listing: str) -> Iterator[tuple[int, Inside]]:
    """The statements in bodies of functions that give a parameter another value or follow one.

    Each with the offset in the listing where it starts.
    """
    starts = _line_starts(listing)
    for node in ast.walk(ast.Module(_body(listing), [])):
        if not isinstance(node, ast.FunctionDef):
            continue
        moved: dict[str, ast.expr] = {}
        for statement in node.body:
            target, given = _given(statement)
            if given is None:
                continue
            if _size(given, moved) > MOST_NODES:
                break
            value = _with(given, moved)
            ours = target in {a.arg for a in node.args.args}
            if moved or ours:
                line = listing.split("\n")[statement.lineno - 1].encode()
                column = len(line[: statement.col_offset].decode())
                text = f"{target} = {ast.unparse(value)}"
                yield starts[statement.lineno - 1] + column, Inside(node.name, target, ours, text)
            if ours:
                moved[target] = value


def _body(listing: str) -> list[ast.stmt]:
    try:
        return ast.parse(listing).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _keep(known: dict[str, Function], name: str, function: Function | None) -> None:
    known.pop(name, None)
    if function is not None:
        known[name] = function


def _function(node: ast.FunctionDef, method: bool = False) -> Function | None:
    """What a function returns; ``None`` where its body branches, or takes more than names."""
    plain = node.args
    if plain.vararg or plain.kwarg or plain.kwonlyargs or plain.posonlyargs:
        return None
    names = [a.arg for a in plain.args][method:]
    values: dict[str, ast.expr] = {}
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    for statement in body[:-1]:
        name, value = _given(statement)
        if value is None or _binds(value) or _size(value, values) > MOST_NODES:
            return None
        values[name] = _with(value, values)
    returned = body[-1].value if body and isinstance(body[-1], ast.Return) else None
    if returned is None or _binds(returned) or _size(returned, values) > MOST_NODES:
        return None
    return Function(node.name, tuple(names), _with(returned, values))


def _given(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """The one name that a statement gives a value, and that; no value where there are others."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    return "", None


def _binds(value: ast.expr) -> bool:
    """Whether an expression has variables of its own."""
    own = (ast.Lambda, ast.comprehension, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
    return any(isinstance(n, own) for n in ast.walk(value))


def _size(value: ast.expr, values: Mapping[str, ast.expr]) -> int:
    """How many nodes an expression has once these values stand for their names."""
    sizes = {name: sum(1 for _ in ast.walk(v)) for name, v in values.items()}
    return sum(sizes.get(n.id, 1) if isinstance(n, ast.Name) else 1 for n in ast.walk(value))


def _with(value: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    found = _Names(values).visit(deepcopy(value))
    assert isinstance(found, ast.expr)
    return found


class _Names(ast.NodeTransformer):
    """Puts expressions in for names."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.values.get(node.id) if isinstance(node.ctx, ast.Load) else None
        return node if value is None else deepcopy(value)


class _Calls(ast.NodeTransformer):
    """Puts in what known functions return for their arguments."""

    def __init__(self, known: Mapping[str, Function]) -> None:
        self.known = known
        self.any = False
        self.depth = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = self.known.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if function is None or node.keywords or self.depth >= DEEPEST:
            return node
        if len(node.args) != len(function.parameters):
            return node
        values = dict(zip(function.parameters, node.args, strict=True))
        if _size(function.returned, values) > MOST_NODES:
            return node
        self.any = True
        self.depth += 1
        inside = _with(function.returned, values)
        found: ast.AST = self.visit(inside)
        self.depth -= 1
        return found
