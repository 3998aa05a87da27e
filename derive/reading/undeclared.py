r"""Symbols that look like gradients and that nothing declares: what they could mean.

A prefix or an accent on a tensor's symbol (``\Delta C``, ``dW``, ``\bar z``) may be the adjoint of
that tensor or of the one that feeds it element by element; a ``\delta`` with a tensor's scripts, of
any tensor with these scripts, or its negative; ``dout``, of an output. None is preferred: the judge
tries them all.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from derive.equations import Model, Notation, Tensor
from derive.errors import IllFormed
from derive.expr import Access, Expr, accesses, product
from derive.index import Axis, Index
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Match, Occurrence
from derive.reading.nabla_of_loss import by_each_parameter
from derive.reading.names import (
    is_bare,
    label,
    letter_of,
    readable,
    spread,
    whole,
    written,
)
from derive.reading.one_sample import of_all_samples
from derive.reading.problems import Reading, Undeclared, Unknown
from derive.reading.scales import Scale, scales
from derive.reading.scope import Scope, adjoint_entry
from derive.reading.surface import Node, walk

PREFIXES = frozenset({r"\Delta", r"\delta", "d", r"\partial", r"\nabla"})
ACCENTS = frozenset({r"\bar", r"\overline", r"\dot", r"\tilde"})
ERRORS = frozenset({r"\delta", r"\epsilon", r"\varepsilon"})
UPSTREAM = frozenset({r"\mathrm{dout}", r"\mathrm{upstream}", r"\mathrm{grad}"})
MOST_TENSORS = 6


def undeclared(item: Occurrence, scope: Scope) -> Undeclared | None:
    """The question what ``item`` means, ``None`` where it does not look like a gradient."""
    if scope.model is None:
        return None
    readings = tuple(_readings(of_all_samples(item), scope, scope.model))
    if not readings:
        return None
    message = f"nothing declares what {readable(as_typed(item))} means"
    return Undeclared(message, as_typed(item), readings, item.span.start)


def unknown_that_runs(letter: str, body: Iterable[Node], scope: Scope) -> IllFormed | None:
    r"""The question what ``\delta_j`` means, or that there is no ``q_j``, for what j runs over."""
    for item in (i for node in body for i in occurrences(node)):
        runs = any(letter_of(n) == letter for n in spread(item.name.sub))
        if runs and scope.model is not None and scope.lexicon.match(item) is None:
            return undeclared(item, scope) or unknown(item, scope)
    return None


def _readings(item: Occurrence, scope: Scope, model: Model) -> Iterator[Reading]:
    if found := tuple(by_each_parameter(item, scope, model)):
        yield from found
    elif item.prefix:
        if item.prefix in PREFIXES:
            yield from _marked(item, replace(item, prefix=""), scope, model)
    elif item.name.accents and item.name.accents[0] in ACCENTS:
        bare = replace(item.name, accents=item.name.accents[1:])
        yield from _marked(item, replace(item, name=bare), scope, model)
    elif item.head in ERRORS and not _is_of_any_layer(item, model):
        for scale in scales(scope):
            yield from _errors(item, scale, scope, model)
    elif item.head in UPSTREAM:
        yield from _upstream(item, scope, model)


def _is_of_any_layer(item: Occurrence, model: Model) -> bool:
    r"""``\delta^l`` where l stands for the layers of a family: no element of one tensor."""
    letters = set() if model.layers is None else {model.layers.letter, model.layers.name}
    scripts = (*spread(item.name.sub), *item.name.sup)
    return any(letter_of(n) in letters for s in scripts for n in walk(s))


# A mark on a tensor


def _marked(item: Occurrence, plain: Occurrence, scope: Scope, model: Model) -> Iterator[Reading]:
    """The adjoint of the marked tensor, then of those that feed it element by element."""
    match = scope.lexicon.match(plain) or _without_foreign_labels(plain, scope)
    if match is None or match.entry.body is not None or match.entry.tensor not in model.tensors:
        return
    tensor = model.tensors[match.entry.tensor]
    slots = {id(s) for s in match.slots if s is not None}
    if any(label(n) is None and id(n) not in slots for n in _items(item, slots)):
        return
    for scale in (s for s in scales(scope) if s.text != "−"):
        for target in (tensor, *feeders(model, tensor.name)):
            entry = _pattern(item, match, target, scope)
            if entry is not None:
                gradient = f"∂{scope.objective}/∂{_spelled(match, target)}"
                text = f"{readable(as_typed(item))} means {scale.text}{gradient}"
                yield Reading(text, _scaled(entry, scale.factor) if scale.text else entry)


def _spelled(match: Match, target: Tensor) -> str:
    """How the target is written with the indices of the occurrence."""
    texts = tuple("·" if s is None else label(s) or "…" for s in match.slots)
    notation = replace(target.notation, args=())
    return readable(written(notation, texts if len(texts) == target.rank else None))


def _without_foreign_labels(item: Occurrence, scope: Scope) -> Match | None:
    """The match when one script item that is in the way is left out."""
    for position in reversed(range(len(item.name.sub))):
        sub = item.name.sub[:position] + item.name.sub[position + 1 :]
        match = scope.lexicon.match(replace(item, name=replace(item.name, sub=sub)))
        if match is not None and not _hides_time(match, scope):
            return match
    return None


def _hides_time(match: Match, scope: Scope) -> bool:
    r"""Whether a label stands where the time does, as in ``dh_{next}``."""
    below = (k for k in match.entry.notation.sub if isinstance(k, int))
    timed = scope.model is not None and bool(scope.model.clock)
    return timed and any(match.slots[k] is None for k in below)


def _pattern(item: Occurrence, match: Match, target: Tensor, scope: Scope) -> Entry | None:
    """An entry written like ``item`` that denotes the adjoint of ``target``, slot by slot."""
    source = match.entry
    home = _home(target.name, scope)
    if source.rank != target.rank or home is None:
        return None
    slots = {id(node): k for k, node in enumerate(match.slots) if node is not None}
    below = _items(replace(item, name=replace(item.name, sup=())), slots.keys())
    sub = tuple(slots.get(id(n), label(n) or "") for n in below)
    sup = tuple(slots.get(id(n), label(n) or "") for n in item.name.sup)
    plain = source.notation
    notation = replace(plain, head=item.head, sub=sub or plain.sub, sup=sup)
    return replace(adjoint_entry(home), notation=notation, prefix=item.prefix)


def _items(item: Occurrence, slots: Container[int]) -> tuple[Node, ...]:
    """The script items, letters side by side apart where they fill slots of their own."""
    apart = spread(item.name.sub)
    below = apart if any(id(n) in slots for n in apart) else item.name.sub
    return (*below, *item.name.sup)


def _home(tensor: str, scope: Scope) -> Entry | None:
    entries = scope.lexicon.entries.values()
    return next((e for e in entries if e.tensor == tensor and not e.prefix), None)


def feeders(model: Model, tensor: str) -> tuple[Tensor, ...]:
    """The computed tensors that the equation of ``tensor`` reads at its own indices only."""
    equation = model.by_tensor.get(tensor)
    if equation is None or not equation.axes:
        return ()
    own = equation.lhs.indices
    reads: dict[str, set[tuple[Index, ...]]] = {}
    for access in accesses(equation.rhs):
        reads.setdefault(access.tensor, set()).add(access.indices)
    return tuple(
        model.tensors[name]
        for name, places in reads.items()
        if places == {own} and name in model.by_tensor
    )


# A symbol of its own


def _errors(item: Occurrence, scale: Scale, scope: Scope, model: Model) -> Iterator[Reading]:
    """The adjoint, so many times, of every computed tensor that has the scripts of δ."""
    fitting = [f for t in _computed(model) if (f := _like(item, t, scope)) is not None]
    same = [f for f in fitting if f[0]] or fitting
    for _, entry in same[:MOST_TENSORS]:
        target = f"∂{scope.objective}/∂{_as_read(item, entry)}"
        text = f"{readable(as_typed(item))} means {scale.text}{target}"
        marked = replace(entry, notation=replace(entry.notation, head=item.head))
        if (own := _scripts(item, entry.notation)) is not None:
            marked = replace(entry, notation=own)
        adjoint = _bound_to_letters(adjoint_entry(marked), item)
        yield Reading(text, _scaled(adjoint, scale.factor) if scale.text else adjoint)


def _bound_to_letters(entry: Entry, item: Occurrence) -> Entry:
    r"""``\delta_j`` and ``\delta_k`` are asked about one by one where no label tells them apart."""
    letters = tuple(letter_of(n) or "" for n in spread(item.name.sub))
    if item.name.sup or len(letters) != entry.rank or not letters:
        return entry
    return replace(entry, letters=letters, strict=True)


def _as_read(item: Occurrence, entry: Entry) -> str:
    """The tensor as its author writes it, with the indices that δ shows."""
    shown = [label(n) for n in (*spread(item.name.sub), *(item.args or ())) if _may_run(n)]
    texts = tuple(t for t in shown if t is not None)
    if len(texts) == entry.rank:
        return readable(written(entry.notation, texts or None))
    return whole(entry.notation)


def _computed(model: Model) -> Iterator[Tensor]:
    """The tensors that an equation computes, those behind an elementwise function first."""
    fed = {t.name for e in model.equations for t in feeders(model, e.tensor)}
    for first in (True, False):
        for e in model.equations:
            if e.tensor != model.loss and (e.tensor in fed) is first:
                yield model.tensors[e.tensor]


def _like(item: Occurrence, tensor: Tensor, scope: Scope) -> tuple[bool, Entry] | None:
    """The symbol of ``tensor`` if δ has its scripts: the very same (true), or as many indices."""
    home = _home(tensor.name, scope)
    if home is None:
        return None
    twin = replace(home, notation=replace(home.notation, head=item.head))
    match = replace(scope.lexicon, entries={twin.key: twin}).match(item)
    if match is not None and not match.powers and match.extra is None:
        return True, home
    return (False, home) if _scripts(item, home.notation) is not None else None


def _scripts(item: Occurrence, like: Notation) -> Notation | None:
    """δ's own scripts as labels and as many slots as ``like`` has, ``None`` where they differ."""
    rank = sum(isinstance(s, int) for s in (*like.sub, *like.sup)) + len(like.args)
    count = 0
    sides: list[tuple[int | str, ...]] = []
    for items in (spread(item.name.sub), item.name.sup):
        side: list[int | str] = []
        for node in items:
            if _may_run(node):
                side.append(count)
                count += 1
            else:
                side.append(label(node) or "")
        sides.append(tuple(side))
    args = tuple(range(count, count + len(item.args or ())))
    if count + len(args) not in ((rank, 0) if rank else (0,)) or "" in (*sides[0], *sides[1]):
        return None
    if not count and not args:
        args = tuple(range(rank))
    return Notation(item.head, sides[0], sides[1], args)


def _may_run(node: Node) -> bool:
    letter = letter_of(node)
    return letter is not None and is_bare(node) and len(letter) == 1 and letter.islower()


def _scaled(entry: Entry, factor: Expr) -> Entry:
    assert entry.ranges is not None
    axes = tuple(Axis("ijklmn"[k % 6], lo, hi) for k, (lo, hi) in enumerate(entry.ranges))
    element = Access(entry.tensor, tuple(Index.of(a) for a in axes))
    return replace(entry, tensor="", axes=axes, body=product(factor, element))


def _upstream(item: Occurrence, scope: Scope, model: Model) -> Iterator[Reading]:
    """The adjoint of an output, or of what feeds the loss."""
    for name in model.outputs if model.loss is None else model.by_tensor[model.loss].reads:
        entry = _home(name, scope)
        notation = _scripts(item, entry.notation) if entry is not None else None
        if entry is not None and notation is not None and name in model.by_tensor:
            text = f"{readable(as_typed(item))} means ∂{scope.objective}/∂{whole(entry.notation)}"
            yield Reading(text, replace(adjoint_entry(entry), notation=notation))


# What is simply not known


def unknown(item: Occurrence, scope: Scope) -> Unknown:
    """The error for a symbol that nothing defines, with the known ones that look like it."""
    text = readable(as_typed(item))
    known = [written(e.notation, prefix=e.prefix) for e in scope.lexicon.close_to(item)]
    known = list(dict.fromkeys(known))[:3]
    letter = is_bare(item.name) and item.args is None
    message = f"{text} is not defined"
    if letter and scope.letters:
        message = f"{text} is neither a known symbol nor an index of the left side"
    advice = f"did you mean {' or '.join(readable(k) for k in known)}?" if known else ""
    return Unknown(message, as_typed(item), item.span.start, advice)


def as_typed(item: Occurrence) -> str:
    """The symbol's LaTeX without its arguments, labels and indices as far as they are simple."""
    text = (
        item.prefix
        + (" " if item.prefix[-1:].isalpha() and item.head[:1].isalpha() else "")
        + item.head
    )
    for mark, items in (("_", item.name.sub), ("^", item.name.sup)):
        if items:
            inner = ",".join(label(i) or "…" for i in items)
            text += mark + (inner if len(inner) == 1 else f"{{{inner}}}")
    return text
