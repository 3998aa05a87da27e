r"""Values at a place: ``\left.\frac{\partial L}{\partial w}\right|_{w=w_0}``, ``f'(2)``.

The bar is taken away and the formula judged with the tensor held there. A new symbol for the place,
``w_0``, stands for any value: elsewhere in the formula it means the tensor itself. What a formula
reads outside of the bar must not depend on the tensor, else it may be meant at the place or not.
A computed tensor is cut out of the model: what is behind it then depends on it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from derive.equations import Model, adjoint_of, slope_of
from derive.errors import Problem
from derive.expr import Apply, Number, accesses, walk
from derive.reading.elaborate import elaborate
from derive.reading.letters import occurrences
from derive.reading.lexicon import Match, occurrence
from derive.reading.names import letter_of, readable
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.statement import Statement
from derive.reading.surface import (
    Name,
    Node,
    Numeral,
)
from derive.reading.surface import walk as surface_walk
from derive.rules import rule
from verify.bars import Bars, Equal, bare, bars_of, tops, uses
from verify.claim import sentence_of
from verify.compare import Outcome
from verify.entries_held import Held
from verify.numbers.places import Values as KnownValues
from verify.numbers.places import values_of
from verify.numbers.values import empty, shape_of
from verify.restrictions import Restriction, Values
from verify.setting import Convention, Setting
from verify.verdict import ACCEPTED, Status

NO_PLACE = "the place is no number and no new symbol: a value there is not judged"


@dataclass(frozen=True)
class AtPlace:
    """A formula without its bars, and what it is judged in.

    ``held`` are entries with letters, ``z_i = 0``; ``words`` say the place; ``cut`` are the
    computed tensors that are held; ``outside`` is what depends on the place beside the bars.
    """

    text: str
    setting: Setting
    words: str
    held: tuple[Held, ...] = ()
    cut: frozenset[str] = frozenset()
    outside: str = ""

    def outcome(self, found: Outcome, read: Statement | None) -> Outcome:
        """What is told of the formula that was read so."""
        if found.status not in (*ACCEPTED, Status.REFUTED):
            return found
        if read is not None and self._differentiates_what_is_cut(read):
            message = f"a derivative by what {self.words} fixes is not judged there"
            return Outcome(Status.UNDECIDED, message)
        if found.status is Status.REFUTED and read is not None and _is_array_of(read):
            message = "the left side is an array, the right side a number: that is not judged"
            return Outcome(Status.UNDECIDED, message)
        return self._of_outside(found) if self.outside else found

    def _of_outside(self, found: Outcome) -> Outcome:
        """Something beside the bars depends on the place, too."""
        if found.status is Status.REFUTED:
            message = f"{self.outside} depends on the place, and stands beside what is taken at it"
            return Outcome(Status.UNDECIDED, f"{message}: that is not judged")
        condition = f"right if all of it is taken at {self.words}"
        return Outcome(Status.UNDECIDED, f"undeclared: {condition}", conditions=(condition,))

    def _differentiates_what_is_cut(self, read: Statement) -> bool:
        names = {a.tensor for side in read.sides for a in accesses(side.body)}
        below = {adjoint_of(n) or (slope_of(n) or ("", ""))[1] for n in names} - {""}
        return bool(self.cut) and not below <= _behind(self.setting.bench.model, self.cut)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is taken for granted: the place, and what a derivative is at a kink."""
        at = f"at {self.words}"
        bench = self.setting.bench
        if not bench.restrictions or not bench.sample.bent:
            return (at,)
        rules = (rule(n.function) for e in bench.fixed.equations for n in walk(e.rhs)
                 if isinstance(n, Apply))  # fmt: skip
        chosen = dict.fromkeys(r.convention for r in rules if r.convention)
        return (at, *(f"a kink lies there: {text}" for text in chosen))


def _is_array_of(read: Statement) -> bool:
    """Whether a number stands for an array as a whole, whose indices are not written."""
    letters = {letter_of(n) for node in read.nodes for n in surface_walk(node)}
    whole = any(a.name not in letters for a in read.axes)
    return whole and isinstance(read.sides[-1].body, Number)


def at_place(text: str, setting: Setting, convention: Convention) -> AtPlace | None:
    """``text`` without its bars; ``None`` where it has none.

    Raises `Unsupported` for places that are not judged.
    """
    sentence, scope = sentence_of(text), setting.scope(convention)
    bars = bars_of(sentence, scope)
    return None if bars is None else _read(text, sentence, bars, setting, scope)


# What the place is


def _read(text: str, sentence: Sentence, bars: Bars, setting: Setting, scope: Scope) -> AtPlace:
    """The formula with its tensors held at the place."""
    pins: list[Restriction] = []
    held: list[Held] = []
    renamed: list[Equal] = []
    tensors: set[str] = set()
    for equal in bars.place:
        if equal.value == equal.target:
            continue  # \frac{df}{dx}(x)
        match = _match(equal.target, scope)
        tensors.add(match.entry.tensor)
        if _is_new(equal.value, match, scope):
            renamed.append(equal)
            continue
        number = _number(equal.value, scope)
        letters, entry = _entry(match, equal.target, setting.bench.fixed)
        pin = Restriction(match.entry.tensor, Values.NUMBER, number=number, entry=entry)
        if letters:
            held.append(Held(pin, letters))
        else:
            pins.append(pin)
    shorn = bare(text, sentence, bars, renamed)
    outside = _outside(sentence, bars, tensors, renamed, scope)
    cut = frozenset(t for t in tensors if t in setting.bench.model.by_tensor)
    words = " and ".join(f"{_words(e.target, text)} = {_words(e.value, text)}" for e in bars.place)
    return AtPlace(shorn, _with(setting, pins, cut), words, tuple(held), cut, outside)


def _words(node: Node, text: str) -> str:
    typed = text[node.span.start : node.span.end]
    return readable(node.base if isinstance(node, Name) and typed[:1].isdigit() else typed)


def _match(target: Node, scope: Scope) -> Match:
    item = occurrence(target)
    match = None if item is None else scope.lexicon.match(item)
    known = scope.model.tensors if scope.model is not None else {}
    if match is None or match.entry.body is not None or match.entry.tensor not in known:
        raise Unsupported("what is held at the bar is no symbol of the model",
                          offset=target.span.start)  # fmt: skip
    if match.powers or match.extra:
        raise Unsupported("what is held at the bar is no single symbol", offset=target.span.start)
    return match


def _is_new(value: Node, held: Match, scope: Scope) -> bool:
    """Whether the place is a new symbol; ``x_0`` and ``x^*`` for all of x are, too."""
    item = occurrence(value)
    if not isinstance(value, Name) or item is None or value.base.isdigit():
        return False
    match = scope.lexicon.match(item)
    if match is not None:
        whole = not any(s is not None for s in held.slots)
        marked = any(s is not None for s in match.slots) or match.powers or match.extra
        return whole and match.entry.tensor == held.entry.tensor and bool(marked)
    letter = letter_of(value)
    return letter is None or letter not in scope.letters


def _number(value: Node, scope: Scope) -> Fraction:
    try:
        body = elaborate(value, scope).body
    except Problem:
        raise Unsupported(NO_PLACE, offset=value.span.start) from None
    if not isinstance(body, Number):
        raise Unsupported(NO_PLACE, offset=value.span.start)
    return body.value


def _entry(
    match: Match, target: Node, model: Model
) -> tuple[tuple[tuple[str, int], ...], tuple[int, ...]]:
    """The letters of ``z_i`` with their places, or the positions of the entry ``y_1``."""
    slots = [s for s in match.slots if s is not None]
    if not slots:
        return (), ()
    if len(slots) != match.entry.rank:
        raise Unsupported("a part of an array is held at the bar", offset=target.span.start)
    letters = [letter_of(s) for s in slots]
    if all(letters):
        return tuple((name or "", k) for k, name in enumerate(letters)), ()
    if not all(isinstance(s, Numeral) and s.value.denominator == 1 for s in slots):
        raise Unsupported("a part of an array is held at the bar", offset=target.span.start)
    lows = [lo.value or 0 for lo, _ in model.tensors[match.entry.tensor].ranges]
    numbers = [int(s.value) for s in slots if isinstance(s, Numeral)]
    return (), tuple(n - lo for n, lo in zip(numbers, lows, strict=True))


# What depends on the place


def _outside(
    sentence: Sentence, bars: Bars, tensors: set[str], renamed: list[Equal], scope: Scope
) -> str:
    """The first symbol beside the bars that depends on what is held, as typed; else nothing."""
    if scope.model is None:
        return ""
    moved = _behind(scope.model, frozenset(tensors))
    new = {s.start for equal in renamed for s in uses(equal.value, sentence, bars)}
    for top in (t for side in sentence.nodes for t in tops(side, bars)):
        for item in occurrences(top):
            match = scope.lexicon.match(item)
            if match is None or item.name.span.start in new:
                continue
            if _reads(match) & moved:
                return readable(item.name.base)
    return ""


def _reads(match: Match) -> set[str]:
    body = match.entry.body
    read = {match.entry.tensor} if body is None else {a.tensor for a in accesses(body)}
    return read | {base for name in read if (base := adjoint_of(name)) is not None}


def _behind(model: Model, tensors: frozenset[str]) -> set[str]:
    """The tensors that are computed from these."""
    found: set[str] = set(tensors)
    for equation in model.equations:
        if found & set(equation.reads):
            found.add(equation.tensor)
    return found


# The model there


def _with(setting: Setting, pins: list[Restriction], cut: frozenset[str]) -> Setting:
    """The setting in which these tensors have their numbers."""
    if not (pins or cut):
        return setting
    key = ("at a place", setting.bench, tuple(pins), cut, len(setting.defined))
    found = setting.recent.get(key, lambda: _made(setting, pins, cut))
    assert isinstance(found, Setting)
    return found


def _made(setting: Setting, pins: list[Restriction], cut: frozenset[str]) -> Setting:
    bench = setting.bench
    if cut:
        for name in sorted(cut):
            bench = bench.given(name)
        setting = Setting(bench, setting.context, list(setting.defined), setting.others,
                          setting.allowance, setting.shown, setting.now)  # fmt: skip
    kept = [r for r in bench.restrictions if r.tensor not in {p.tensor for p in pins}]
    held = replace(setting, bench=bench.restricted(*kept, *pins), values={})
    known = values_of(setting)
    arrays = dict(known.arrays)
    for pin in pins:
        before = arrays.get(pin.tensor, empty(shape_of(bench.fixed, pin.tensor)))
        arrays[pin.tensor] = pin.filled(before, pin.number)
    held.values[len(setting.defined)] = KnownValues(arrays, known.declared)
    return held
