r"""Formulas that say how a quantity changes from one step of a method to the next.

``\theta_{t+1} = \theta_t - \eta \nabla J``, ``v^{new} = \mu v^{old} + \nabla J`` and
``v \leftarrow \mu v - \eta g`` are read entry by entry: the quantity before and after, the
gradient, other quantities of the method, and numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from derive.expr import Expr, accesses
from derive.reading.averages import with_averages
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_FUNCTIONS
from derive.reading.lexicon import Lexicon
from derive.reading.names import head, is_bare, label, unstyled
from derive.reading.problems import Unsupported
from derive.reading.scope import STANDARD_OPERATORS, Scope, with_scalar
from derive.reading.sentence import Sentence
from derive.reading.step_numbers import (
    Time,
    left_time,
    letter_of_calls,
    steps_before,
    times,
    with_numbers_below,
)
from derive.reading.surface import (
    Big,
    Call,
    Fraction_,
    Name,
    Node,
    Numeral,
    Prefixed,
    walk,
)
from derive.reading.terms import terms_of

OWN, BEFORE, NEXT, SLOPE = "own", "before", "next", "slope"
"""The changing quantity before the step, one step earlier, after it; the gradient."""
NUMBER = "number"
OTHER = ("other", "further")
"""Other quantities of the method, in the order of their first use."""

KEPT = frozenset({"v", "m", "s", "r", "u", "V", "M", "S", "G", "E", r"\Delta", r"\nu"})
"""Letters for what a method keeps; others are parameters unless a gradient says otherwise."""

RATES = frozenset(r"\eta \alpha \beta \gamma \lambda \mu \rho \epsilon \varepsilon".split())
"""Letters for numbers of a method, which may change from step to step as well."""

FUNCTIONS = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", *STANDARD_FUNCTIONS})
"""Greek letters and names that are functions where a bracket follows them."""


class ElsewhereTaken(Unsupported):
    """A gradient at a place that is neither the old value nor the new one."""


@dataclass(frozen=True)
class Iteration:
    """``stem`` changes to ``body``; ``texts`` are the author's LaTeX of what the body reads.

    ``scalars`` are the numbers among them, ``by`` the stem or letter that the gradient is taken by
    where the formula says so; ``objective`` what it is of, ``relation`` the sign as typed.
    """

    stem: Name
    left: str
    body: Expr
    texts: dict[str, str]
    scalars: tuple[str, ...]
    by: str = ""
    objective: Name | None = None
    relation: str = "="

    @property
    def reads(self) -> frozenset[str]:
        """The roles that occur, numbers aside."""
        return frozenset(self.texts) - frozenset(self.scalars)


def iteration(sentence: Sentence, text: str) -> Iteration | None:
    """What ``sentence`` says of a step; ``None`` where it speaks of none.

    Raises what elaboration raises.
    """
    if len(sentence.nodes) != 2 or sentence.kind not in ("equation", "update"):
        return None
    left, right = map(with_averages, sentence.nodes)
    if (letter := letter_of_calls(left)) is not None:
        left, right = (with_numbers_below(node, letter) for node in (left, right))
    if not isinstance(left, Name):
        return None
    time = left_time(left, right, sentence.kind == "update")
    read = None if time is None else _Reader(text, time).read(left, right)
    return None if read is None else replace(read, relation=sentence.operators[0])


class _Reader:
    """Replaces what a step reads by names of its roles, then elaborates what is left."""

    def __init__(self, text: str, time: Time) -> None:
        self.text = text
        self.time = time
        self.texts: dict[str, str] = {}
        self.others: list[Name] = []
        self.factors: list[Name] = []
        self.counts: frozenset[str] = frozenset()
        self.by = ""
        self.objective: Name | None = None
        self.ahead = False

    def read(self, left: Name, right: Node) -> Iteration | None:
        self.counts = _counts(right)
        node = self.replaced(right)
        if len(self.others) > len(OTHER):
            return None
        scope = Scope(
            Lexicon(), functions=dict(STANDARD_FUNCTIONS), operators=dict(STANDARD_OPERATORS)
        )
        for role in self.texts:
            scope = with_scalar(scope, rf"\mathrm{{{role}}}", role)
        body = elaborate(node, scope).body
        read = {a.tensor for a in accesses(body)}
        read |= {NEXT} if self.ahead else set()
        self.texts = {role: text for role, text in self.texts.items() if role in read}
        names = tuple(role for role in self.texts if role.startswith(NUMBER))
        source = self.source(left)
        return Iteration(self.time.stem, source, body, self.texts, names, self.by, self.objective)

    def source(self, node: Node) -> str:
        return self.text[node.span.start : node.span.end]

    def role(self, role: str, node: Node) -> Name:
        """The name of a role in the place of ``node``; a power stays."""
        powers: tuple[Node, ...] = ()
        text = self.source(node)
        if isinstance(node, Name):
            powers = tuple(item for item in node.sup if isinstance(item, Numeral))
            text = re.sub(r"\^(\d|\{\d+\})$", "", text) if powers else text
        self.texts.setdefault(role, text)
        return Name(role, sup=powers, span=node.span)

    def replaced(self, node: Node) -> Node:
        slope = self.slope(node)
        if slope is not None:
            return slope
        if isinstance(node, Call) and not _is_factor(node):
            raise Unsupported("a function of what changes", offset=node.span.start)
        if isinstance(node, Name) and (found := self.named(node)) is not None:
            return found
        changes: dict[str, Any] = {}
        for item in fields(node):
            old = getattr(node, item.name)
            if item.name in ("sub", "sup") and isinstance(node, Name):
                continue
            if isinstance(old, Node):
                changes[item.name] = self.replaced(old)
            elif isinstance(old, tuple) and any(isinstance(n, Node) for n in old):
                changes[item.name] = tuple(
                    self.replaced(n) if isinstance(n, Node) else n for n in old
                )
        return self.without_mean(replace(node, **changes) if changes else node)

    def named(self, name: Name) -> Name | None:
        """A quantity of the method, or a number; ``None`` for the name of a function."""
        if head(name) in STANDARD_FUNCTIONS:
            return None
        if self._is_labelled(name):
            return self.labelled(name)
        plain = replace(name, sup=tuple(i for i in name.sup if not isinstance(i, Numeral)))
        role = self.timed(plain)
        if role is None and unstyled(head(plain)) == "g" and not plain.sup:
            role = SLOPE
        if role is None and not self.time.letter:
            kept = plain.base in KEPT and bool(self.time.stem != plain)
            role = self.other(plain) if kept else OWN if plain == self.time.stem else None
        return self.role(role or self.number(plain), name)

    def _is_labelled(self, name: Name) -> bool:
        """Whether the number above is a label, as it is on the quantity that changes."""
        stem = self.time.stem
        numbered = any(isinstance(item, Numeral) for item in stem.sup)
        return numbered and not self.time.letter and name.sup == stem.sup

    def labelled(self, name: Name) -> Name:
        """A quantity of the method with the label of the one that changes, else a number."""
        own = name == self.time.stem
        role = OWN if own else self.other(name) if name.base in KEPT else self.number(name)
        self.texts.setdefault(role, self.source(name))
        return Name(role, span=name.span)

    def timed(self, name: Name) -> str | None:
        """The role of a name with a step number."""
        for time in times(name):
            if time.letter != self.time.letter:
                continue
            if unstyled(head(time.stem)) == "g":
                return SLOPE
            if time.stem.base in RATES and time.stem != self.time.stem:
                return None
            if time.stem != self.time.stem:
                return self.other(time.stem)
            known = {0: NEXT, -1: OWN, -2: BEFORE}
            return known.get(time.offset - self.time.offset)
        return None

    def number(self, name: Name) -> str:
        if name not in self.factors:
            self.factors.append(name)
        return f"{NUMBER}{self.factors.index(name)}"

    def other(self, stem: Name) -> str:
        if stem not in self.others:
            self.others.append(stem)
        return (*OTHER, "more")[min(self.others.index(stem), len(OTHER))]

    def slope(self, node: Node) -> Node | None:
        """A gradient, or the sum of the gradients of several samples, as one quantity."""
        if isinstance(node, Big) and node.operator == r"\sum":
            inner = self.slope(node.body)
            if inner is None or (node.upper is None and not node.lower):
                return None
            self.texts[SLOPE] = self.source(node)
            return inner
        if isinstance(node, Prefixed) and node.operator == r"\nabla":
            self.note(node.body, [label(s) or "" for s in node.sub])
            return self.role(SLOPE, node)
        if isinstance(node, Fraction_) and _is_partial(node.top) and _is_partial(node.bottom):
            assert isinstance(node.top, Prefixed)
            assert isinstance(node.bottom, Prefixed)
            below = node.bottom.body
            self.note(node.top.body, [head(below)] if isinstance(below, Name) else [])
            return self.role(SLOPE, node)
        return None

    def note(self, objective: Node, by: list[str]) -> None:
        """What a gradient is of, and by what it is taken."""
        if isinstance(objective, Call):
            first = objective.args[0]
            self.place(first)
            by = by or ([head(first)] if isinstance(first, Name) else [])
            objective = objective.head
        if isinstance(objective, Name):
            self.objective = self.objective or objective
        self.by = self.by or next(iter(by), "")

    def place(self, argument: Node) -> None:
        r"""Where a gradient is taken: ``\nabla J(w_{t+1})`` reads the new value.

        Raises `ElsewhereTaken` for a place that is neither the old value nor the new one.
        """
        before = steps_before(argument, self.time)
        if before == 0:
            self.texts[NEXT] = self.source(argument)
            self.ahead = True
        inner = (steps_before(n, self.time) for n in walk(argument) if n is not argument)
        moved = any(n is not None for n in inner) and not self._looks_ahead(argument)
        if moved or before not in (None, 0, 1):
            told = f"the gradient is taken at {self.source(argument)}: no such rule is known"
            raise ElsewhereTaken(told, offset=argument.span.start)

    def _looks_ahead(self, argument: Node) -> bool:
        r"""Whether what a method keeps goes by the gradient ahead, ``w_t + \mu v_t``, as it may."""
        stem = self.time.stem.base
        others = (t for t in terms_of(argument) if isinstance(t, Name) and t.base != stem)
        return stem in KEPT and any(others)

    def without_mean(self, node: Node) -> Node:
        r"""``\frac{1}{N}`` before the sum over N samples: the mean is a gradient as well."""
        if isinstance(node, Fraction_) and isinstance(node.bottom, Name):
            return node.top if self.texts.get(node.bottom.base) in self.counts else node
        return node


def _is_factor(call: Call) -> bool:
    r"""Whether ``\alpha (w - u)`` is a product: a Greek letter that is no usual function."""
    return (
        isinstance(call.head, Name)
        and (is_bare(call.head) or call.head.base in RATES)
        and (call.head.base.startswith("\\") and call.head.base not in FUNCTIONS)
    )


def _counts(node: Node) -> frozenset[str]:
    """The numbers of samples that gradients are added over."""
    sums = (n for n in walk(node) if isinstance(n, Big) and n.operator == r"\sum")
    return frozenset(head(n.upper) for n in sums if isinstance(n.upper, Name) and is_bare(n.upper))


def _is_partial(node: Node) -> bool:
    return isinstance(node, Prefixed) and node.operator in (r"\partial", "d", r"\mathrm{d}")
