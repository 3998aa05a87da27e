"""A formula that shows numbers, judged link by link under one convention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.equations import Notation, slope_of
from derive.errors import IllFormed, Problem
from derive.expr import accesses
from derive.reading.convolution import MODES
from derive.reading.decimal_arguments import with_decimal_arguments
from derive.reading.lexicon import Entry, occurrence
from derive.reading.names import is_bare
from derive.reading.problems import Foreign, Unknown
from derive.reading.scope import Scope
from derive.reading.sentence import ABOUT, Sentence
from derive.reading.shown import shown_number
from derive.reading.statement import Statement
from derive.reading.surface import Name, Node
from verify.claim import without_lookalikes
from verify.compare import Outcome
from verify.formulas import is_size
from verify.numbers.arrays import entries_worked_out, is_worked_out, worked_out
from verify.numbers.chains import InNumbers, together
from verify.numbers.links import (
    Found,
    arithmetic_and_number,
    arithmetic_links,
    numbers,
)
from verify.numbers.partly import partly_put_in
from verify.numbers.places import as_table, changed, definition, values_of
from verify.numbers.quantities import Explain, Place, as_it_is, judge_quantity, opened
from verify.numbers.rounding import fraction
from verify.numbers.second import doubtful
from verify.numbers.sides import (
    COMMA,
    CONSTANTS,
    Side,
    arithmetic,
    displayed_shape,
    read_side,
    sign_of_thousands,
    with_thousands,
)
from verify.numbers.suggestions import Edit
from verify.numbers.unrounded import unrounded
from verify.numbers.written_out import numbers_put_in
from verify.setting import Convention, Setting
from verify.verdict import ACCEPTED, Evidence, Status


@dataclass(frozen=True)
class Plain:
    """What is said of a formula: the ``problem`` if it is not read, the digits that are right."""

    outcome: Outcome
    introduced: bool = False
    statement: Statement | None = None
    assumptions: tuple[str, ...] = ()
    problem: Problem | None = None
    right: tuple[Edit, ...] = ()


LOSS = r"\mathrm{loss}"
GIVES_VALUE = "values"
"""The method of the evidence beside a definition that gives a tensor of the model its value."""

Ladder = Callable[[str], Plain]


@dataclass
class Chain:
    """One formula on its way: what is known, and whether it gave something its value."""

    text: str
    sentence: Sentence
    scope: Scope
    place: Place
    ladder: Ladder
    introduced: bool = False
    definition: Statement | None = None


def judge_numbers(
    text: str,
    sentence: Sentence,
    setting: Setting,
    convention: Convention,
    ladder: Ladder,
    explain: Explain = as_it_is,
) -> InNumbers:
    """Every link of a formula that shows numbers; the first wrong one speaks for the whole.

    Raises `Undeclared` and `IllFormed` for what cannot be read, and `Problem` for wrong values.
    """
    place = Place(setting, convention, values_of(setting), explain)
    scope = setting.scope(convention)
    sentence = replace(
        sentence, nodes=tuple(with_decimal_arguments(n, scope) for n in sentence.nodes)
    )
    found = _judged(text, sentence, place, ladder)
    grouped = with_thousands(sentence)
    if grouped is None:
        return found
    sign = sign_of_thousands(text)
    if found.outcome.status in ACCEPTED:
        said = f"{sign} before three digits is a decimal one"
        return replace(found, notes=(said,)) if sign == COMMA else found
    other = _judged(text, grouped, place, ladder)
    if other.outcome.status not in (Status.PROVED, Status.CONFIRMED):
        return found
    return replace(other, notes=(f"{sign} before three digits parts thousands",))


def may_hold_for_all(sentence: Sentence, found: InNumbers) -> bool:
    r"""Whether it could be an identity, although values are missing.

    The numbers shown are 0 or 1, as in ``\sum_k p_k = 1``, or whole and stand for a derivative.
    What is written out, as ``-\log 0.7``, is an example's unless it comes to such a number.
    """
    shown = [s.value for n in sentence.nodes if (s := shown_number(n)) is not None]
    sides = [s for s in found.sides if s is not None]
    shown += [_worth(s) for s in sides if s.closed]
    shown += [v for s in sides if is_worked_out(s) for v in entries_worked_out(s)]
    read = [a.tensor for s in sides if s.symbolic for a in accesses(s.body)]
    derivative = bool(read) and all(slope_of(name) is not None for name in read)
    return all(v in (0, 1) or (derivative and v.denominator == 1) for v in shown)


def _worth(side: Side) -> Fraction:
    """The value of arithmetic; what has none is as good as a fraction."""
    try:
        return fraction(arithmetic(side.body))
    except Problem:
        return Fraction(1, 2)


def _judged(text: str, sentence: Sentence, place: Place, ladder: Ladder) -> InNumbers:
    scope = _with_loss(without_lookalikes(sentence, place.setting.scope(place.convention)))
    chain = Chain(text, sentence, scope, place, ladder)
    sides = [_side(node, chain, head=k == 0) for k, node in enumerate(sentence.nodes)]
    found = [
        _link(sides[k], sides[k + 1], k, chain, operator in ABOUT)
        for k, operator in enumerate(sentence.operators)
    ]
    found = unrounded(found, sides, lambda q, n: judge_quantity(q, n, False, place))
    verdict = together(found, sides, text, sentence, chain.introduced)
    return replace(verdict, definition=chain.definition)


def _with_loss(scope: Scope) -> Scope:
    """The scope in which the word loss is the loss, unless it is something else."""
    word = Entry(Notation(LOSS), 0, scope.loss or "", ranges=())
    known = scope.loss is None or word.key in scope.lexicon.entries
    return scope if known else scope.declare(word)


def _side(node: Node, chain: Chain, head: bool) -> Side | None:
    """One side; ``None`` for a left side that is still unknown."""
    text = chain.text[node.span.start : node.span.end]
    try:
        return read_side(node, text, chain.sentence, chain.scope, displayed_shape(chain.sentence))
    except Unknown as problem:
        item = occurrence(node)
        if not head or item is None or problem.offset != item.name.span.start:
            raise
        return None


def _link(left: Side | None, right: Side | None, at: int, chain: Chain, about: bool) -> Found:
    if left is None or right is None:
        return _introduced(right, chain)
    array = worked_out(left, right, chain.sentence, chain.scope, chain.place, about)
    if array is not None:
        return array
    if left.symbolic and right.symbolic:
        return _plain(left, right, chain)
    if right.symbolic:
        left, right = right, left
    if left.symbolic:
        return _quantity(left, right, at, chain, about)
    if left.table is not None or right.table is not None:
        return _tables(left, right, about)
    if not at and _is_named(left) and right.shown is not None:
        return _introduced(right, chain)
    if not at and _is_named(left) and left.text.strip() in chain.scope.sizes:
        return Found(Outcome(Status.DEFINITION, "gives a size its value"))
    return _arithmetic(left, right, chain, about)


def _is_named(side: Side) -> bool:
    """A bare letter that stands for a number: the deck may give it another one."""
    return isinstance(side.node, Name) and is_bare(side.node) and side.node.base not in CONSTANTS


def _introduced(right: Side | None, chain: Chain) -> Found:
    """A symbol that the model does not have: what follows defines it."""
    if right is None or right.table is not None:
        message = "gives numbers to a symbol that the model does not have; nothing to check"
        return Found(Outcome(Status.DEFINITION, message))
    nodes = chain.sentence.nodes
    plain = chain.ladder(chain.text[nodes[0].span.start : nodes[1].span.end])
    if plain.introduced:
        chain.introduced, chain.definition = True, plain.statement
    return Found(plain.outcome)


def _plain(left: Side, right: Side, chain: Chain) -> Found:
    ranges = "".join(
        rf", \quad {chain.text[q.span.start : q.span.end]}" for q in chain.sentence.quantifiers
    )
    found = Found(chain.ladder(f"{left.text} = {right.text}{ranges}").outcome)
    if found.outcome.status is not Status.REFUTED:
        return found
    return partly_put_in(left, right, chain.sentence, chain.place) or found


def _quantity(left: Side, right: Side, at: int, chain: Chain, about: bool) -> Found:
    if right.read is not None and left.axes and is_size(right.node):
        return Found(chain.ladder(rf"{left.text} \text{{ (size }} {right.text}").outcome)
    if right.read is not None:
        return numbers_put_in(left, right, chain.sentence, chain.scope, chain.place)
    values = chain.place.values
    given = None if at else definition(left, right, chain.place.setting, values)
    if given is not None and len(chain.sentence.nodes) == 2:
        doubt = doubtful(left, right, given, chain.place)
        if doubt is not None:
            chain.introduced = doubt.taken
            return doubt
        chain.introduced = True
        value = "another value than before" if changed(given, values) else "its value"
        message = f"gives {value}; what follows is judged with it"
        evidence = (Evidence(GIVES_VALUE, "skipped", "a value is a choice"),)
        return Found(Outcome(Status.DEFINITION, message, None, evidence))
    try:
        found = judge_quantity(left, right, about, chain.place)
    except Foreign:
        other = _in_another_mode(left, right, chain, about)
        if other is None:
            raise
        return other
    if found.outcome.status is not Status.REFUTED:
        return found
    return _in_another_mode(left, right, chain, about) or found


def _in_another_mode(left: Side, right: Side, chain: Chain, about: bool) -> Found | None:
    """The quantity where a convolution is valid, same or full, if that makes every number right.

    Where no mode is declared the shape of a whole table tells it; else it is open.
    """
    for operator, meaning in chain.scope.operators.items():
        kind = meaning.rpartition(" ")[2]
        if operator not in left.text or kind not in ("convolution", "correlation"):
            continue
        for mode in MODES:
            scope = chain.scope.declare_operator(operator, f"{mode} {kind}")
            try:
                side = read_side(left.node, left.text, chain.sentence, scope)
                found = judge_quantity(side, right, about, chain.place)
            except IllFormed:
                continue
            if found.outcome.status is Status.CONFIRMED:
                condition = f"right if {operator} means {mode} {kind}"
                return opened(found, condition) if meaning == kind else None
    return None


def _tables(left: Side, right: Side, about: bool) -> Found:
    first, second = as_table(left), as_table(right)
    if first is None or second is None:
        raise IllFormed("an array of numbers stands where one number does")
    pairs = [
        (a, b)
        for x, y in zip(first.rows, second.rows, strict=False)
        for a, b in zip(x, y, strict=False)
    ]
    wrong = [
        f
        for a, b in pairs
        if a is not None and b is not None
        if (f := numbers(a, b, about)).outcome.status not in ACCEPTED
    ]
    if wrong:
        return Found(wrong[0].outcome)
    return Found(Outcome(Status.CONFIRMED, "the same numbers, to the digits shown"))


def _arithmetic(left: Side, right: Side, chain: Chain, about: bool) -> Found:
    if left.shown is not None and right.shown is not None:
        return numbers(left.shown, right.shown, about)
    if left.shown is not None:
        left, right = right, left
    if right.shown is not None:
        return arithmetic_and_number(arithmetic(left.body), right.shown, about)
    return arithmetic_links(left, right, chain.sentence, chain.scope)
