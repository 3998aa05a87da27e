"""What the front matter of a sheet or a context may declare, checked one key at a time.

Every wrong declaration is a `Problem` with the line of its key, what was expected and how to mend
it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.errors import Problem
from derive.expr import TIES
from derive.learning import Update
from derive.optimisers import OPTIMISERS
from derive.reading.array_functions import ARRAY_FUNCTIONS, POOLS
from derive.reading.composed import COMPOSED
from derive.reading.document import Document
from derive.reading.function_names import STANDARD_FUNCTIONS
from derive.reading.gradient_shapes import LAYOUT
from derive.reading.labelled_functions import folded
from derive.reading.layouts import DECLARED as LAYOUTS_DECLARED
from derive.reading.names import ascii_head, head, identifier
from derive.reading.operator_signs import SIGNS, as_read, meanings_of
from derive.reading.orders import EINSTEIN, SUMS
from derive.reading.parse import parse
from derive.reading.surface import Name, Node
from derive.reading.windows import WINDOWS
from derive.rules import RULES

VECTORISATIONS = ("vectorise columns", "vectorise rows")
OUTSIDE = ("gradients", "all")


@dataclass(frozen=True)
class Front:
    """The front matter of one document, with readers that name the place of what they refuse."""

    document: Document

    @property
    def values(self) -> Mapping[str, Any]:
        """The declarations by key."""
        return self.document.front

    def problem(self, key: str, message: str, expected: str = "", advice: str = "") -> Problem:
        """A problem at the line of ``key``."""
        line, column = self.document.front_places.get(key, (1, 1))
        return Problem(
            f"{key}: {message}",
            path=self.document.path,
            line=line,
            column=column,
            expected=expected,
            advice=advice,
        )

    def only(self, known: tuple[str, ...], later: Mapping[str, str] | None = None) -> None:
        """Raise `Problem` for a key that is not ``known``; ``later`` says why of some."""
        for key in self.values:
            if key in (later or {}):
                raise self.problem(key, (later or {})[key])
            if key not in known:
                raise self.problem(key, "no such declaration", f"one of {', '.join(known)}")

    def text(self, key: str) -> str | None:
        """A text, or ``None`` where the key is absent."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self.problem(key, f"{value!r} is no text", "a text in quotes")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.values.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
            advice = "quote names that YAML reads as something else, as in 'y'"
            raise self.problem(
                key, f"{value!r} is no list of names", "a list such as [x, y]", advice
            )
        return tuple(items)

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping with text keys."""
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(k, str) for k in value):
            advice = "quote keys that YAML reads as something else, as in 'y': …"
            raise self.problem(key, f"{value!r} is no mapping from names", "name: value", advice)
        return value

    def choices(self, key: str, allowed: Callable[[str], bool], expected: str) -> dict[str, str]:
        """A mapping from LaTeX to one of some words."""
        chosen = self.mapping(key)
        for name, value in chosen.items():
            if not isinstance(value, str) or not allowed(value):
                raise self.problem(key, f"{name}: {value!r} is not known", expected)
        return chosen


def functions(front: Front) -> dict[str, str]:
    r"""``functions: {\sigma: logistic, f: generic, F: vectorise columns}`` by the head's LaTeX."""
    elementwise = ("generic", *RULES, *COMPOSED)
    known = (*elementwise, *VECTORISATIONS, *ARRAY_FUNCTIONS, *POOLS, *sorted(WINDOWS))
    declared = front.choices(
        "functions", lambda v: v in known or v.rstrip("'") in RULES, f"one of {', '.join(known)}"
    )
    result = {}
    for name, meaning in declared.items():
        symbol = _function_head(front, name)
        result[symbol] = _generic(symbol) if meaning == "generic" else meaning
    return result


def stand_ins(front: Front, functions: Mapping[str, str]) -> dict[str, str]:
    """``emitted: {f: logistic}``: what code computes for a function declared ``generic``."""
    declared = front.choices("emitted", lambda v: v in RULES, f"one of {', '.join(RULES)}")
    result = {}
    for name, meaning in declared.items():
        function = functions.get(symbol_head(front, "emitted", name))
        if function is None or function in RULES:
            expected = f"functions: {{{name}: generic}}"
            raise front.problem("emitted", f"{name} is no generic function", expected)
        result[function] = meaning
    return result


def _generic(symbol: str) -> str:
    """The catalogue name of a function that is known only by its derivative."""

    name = identifier(ascii_head(symbol))
    return name + "_" if name in RULES or symbol in STANDARD_FUNCTIONS else name


def operators(front: Front) -> dict[str, str]:
    r"""``operators: {'*': convolution, '\times': matmul}`` and ``layout: numerator``."""
    declared = {}
    for sign, meaning in front.choices("operators", bool, "the meaning of a product").items():
        allowed = meanings_of(as_read(sign))
        if meaning not in allowed:
            message = f"{sign}: {meaning!r} is not known" if allowed else f"{sign} is no product"
            expected = f"one of {', '.join(allowed)}" if allowed else SIGNS
            raise front.problem("operators", message, expected)
        declared[as_read(sign)] = meaning
    for key, choices in {SUMS: (EINSTEIN,), LAYOUT: LAYOUTS_DECLARED}.items():
        value = front.text(key)
        if value is not None and value not in choices:
            raise front.problem(key, f"{value!r} is not known", f"one of {', '.join(choices)}")
        declared |= {} if value is None else {key: value}
    return declared


def _function_head(front: Front, latex: str) -> str:
    """The head of a function, its labels folded into it: ``g^{[1]}``; or its name, ``softmax``."""
    if latex.isalpha() and len(latex) > 1:
        return rf"\mathrm{{{latex}}}"
    items = read_items(front, "functions", latex, latex)
    if len(items) == 1 and isinstance(items[0], Name):
        return head(folded(items[0]))
    return symbol_head(front, "functions", latex)


def symbol_head(front: Front, key: str, latex: str) -> str:
    """The canonical head of a symbol that is declared by its LaTeX."""
    items = read_items(front, key, latex, latex)
    if len(items) == 1 and isinstance(items[0], Name):
        return head(items[0])
    raise front.problem(key, f"{latex} is no symbol", r"a symbol such as \sigma")


def outside(front: Front) -> frozenset[str]:
    """``outside: zero`` or ``outside: {gradients: zero}``: what is zero outside its ranges."""
    value = front.values.get("outside")
    expected = "zero, or {gradients: zero}"
    if value is None:
        return frozenset()
    if value == "zero":
        return frozenset({"all"})
    if isinstance(value, dict) and all(v == "zero" for v in value.values()):
        return frozenset(str(k) for k in value)
    raise front.problem("outside", f"{value!r} is not known", expected)


def read_items(front: Front, key: str, what: str, latex: str) -> tuple[Node, ...]:
    """The items of a declared formula; a problem with its place where it cannot be parsed."""
    try:
        return parse(latex).items
    except Problem as error:
        reason = f"{what} cannot be read: {error.message}"
        raise front.problem(key, reason, error.expected) from error


def plain_heads(front: Front) -> frozenset[str]:
    """The heads of the tensors that front matter names without any script.

    A name in code that ends in ``_``, as Python keeps the word for itself, is no LaTeX.
    """
    named = [("inputs", n) for n in front.texts("inputs") if not n.endswith("_")]
    named += [("types", n) for n in front.mapping("types")]
    named += [("scalars", n) for n in front.texts("scalars")]
    nodes = [n for key, latex in named for n in read_items(front, key, latex, latex)]
    return frozenset(head(n) for n in nodes if isinstance(n, Name) and not (n.sub or n.sup))


def ties(front: Front) -> str:
    """``ties: first``, ``split`` or ``all``: who wins a tie of a maximum."""
    rule = front.text("ties") or TIES[0]
    if rule not in TIES:
        raise front.problem("ties", f"{rule!r} is not known", f"one of {', '.join(TIES)}")
    return rule


def update_rule(front: Front) -> Update | None:
    """``update: {rule: sgd, eta: 0.5}``: a rule of the catalogue, and its numbers."""
    declared = front.mapping("update")
    if not declared:
        return None
    rule = declared.get("rule")
    if not isinstance(rule, str) or rule not in OPTIMISERS:
        raise front.problem("update", f"rule {rule!r} is not known", ", ".join(OPTIMISERS))
    known = OPTIMISERS[rule].hyper
    numbers = {}
    for name, value in declared.items():
        if name == "rule":
            continue
        if name not in known or isinstance(value, bool) or not isinstance(value, int | float):
            expected = f"a number for {', '.join(known)}"
            raise front.problem("update", f"{name}: {value!r} is not understood", expected)
        numbers[name] = Fraction(str(value))
    return Update(rule, numbers)
