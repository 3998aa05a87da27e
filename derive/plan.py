"""The plan: which array operations compute a model and its gradients, and what they cost.

    model --batched, staged--> equations --gradients--> adjoint equations --compiled--> array
    statements

Planning is independent of the language that is emitted; `derive.emit` prints a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.adjoint import gradients
from derive.batching import batched
from derive.equations import Model, adjoint_name, adjoint_of
from derive.errors import IllFormed
from derive.loops import blocks, members
from derive.planning.arrangement import Arranged, Order, arranged
from derive.planning.arrays import Array, Name
from derive.planning.book import Book
from derive.planning.choice import backward_step, forward_step
from derive.planning.chunks import chunk_sizes, chunked
from derive.planning.expressions import Reader
from derive.planning.names import RESERVED, variable_names
from derive.planning.overwriting import thrifty
from derive.planning.sharing import shared
from derive.planning.step import Step
from derive.stable import Stable, stable
from derive.staging import staged
from derive.stand_in import concrete
from derive.steps import Derivation
from derive.upstream import with_upstream

__all__ = ["Plan", "Step", "plan", "plan_inside"]


@dataclass(frozen=True)
class Plan:
    """Array statements for prediction, loss and gradients of a model.

    ``model`` is the batched and staged model that is computed, ``source`` the one that was given.
    ``variables`` maps tensors and adjoints to variables; ``wrt`` are the tensors whose gradients
    are computed; ``targets`` the inputs that only the loss needs. ``orders`` says in which order of
    axes the steps keep the tensors that carry samples, where it is not their own. ``chunk`` says
    how many samples are computed at a time, and added up, by the bytes of a number; None where the
    batch is computed as one. ``derivations``
    are the adjoints; ``notes`` say which tensors are computed in which stable form.
    """

    source: Model
    model: Model
    variables: Mapping[str, str]
    predict: tuple[Step, ...]
    score: tuple[Step, ...]
    backward: tuple[Step, ...]
    wrt: tuple[str, ...]
    targets: tuple[str, ...]
    orders: Mapping[str, Order]
    derivations: Mapping[str, Derivation]
    notes: tuple[tuple[str, str], ...]
    chunk: Mapping[int, int] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every name that has a meaning in the code."""
        steps = (*self.predict, *self.score, *self.backward)
        made = {s.target.name for step in steps for s in step.statements}
        return RESERVED | {*self.variables.values(), *made}

    def at_once(self, batch: int, width: int) -> int:
        """How many samples of a batch are computed at a time, in numbers of ``width`` bytes."""
        return min(batch, self.chunk[width]) if self.chunk else batch

    def __str__(self) -> str:
        blocks = (("forward", self.predict), ("loss", self.score), ("backward", self.backward))
        lines = []
        for title, steps in blocks:
            lines.append(f"{title}:")
            for step in steps:
                lines.append(f"  {step}")
                lines += [f"      {s.target.name} {_shape(s.target)}" for s in step.statements[:-1]]
        return "\n".join(lines)


def _shape(array: Array) -> str:
    return "(" + ", ".join(str(n) for n in array.shape) + ")"


def plan(model: Model, wrt: Sequence[str] | None = None) -> Plan:
    """Plan the model at its sizes, with gradients of ``wrt`` (the parameters), for whole batches.

    Raises `IllFormed` where a tensor in ``wrt`` is unknown or no output depends on it, and for
    functions known only by their derivative.
    """
    complete = _complete(model)
    return _planned(model, complete, Arranged(complete.model, {}), wrt)


def plan_inside(model: Model, wrt: Sequence[str] | None = None) -> Plan:
    """`plan` as arrays are fastest: in an order of axes of its own, and chunk by chunk.

    The batch is computed as one where nothing slides, or a gradient that is wanted has samples.
    """
    complete = _complete(model)
    inner = arranged(complete.model)
    wanted = _wanted(model, wrt)
    adds = bool(inner.orders) and not any(name in inner.orders for name in wanted)
    if not adds:
        return _planned(model, complete, inner, wrt)
    inner = replace(inner, model=chunked(inner.model))
    made = _planned(model, complete, inner, wrt)
    steps = (*made.predict, *made.score, *made.backward)
    return replace(made, chunk=chunk_sizes(s for step in steps for s in step.statements))


def _complete(model: Model) -> Stable:
    """The equations that are computed: whole batches, one array operation each, stable forms."""
    whole = batched(with_upstream(concrete(model).at_sizes()))
    complete = stable(staged(whole), frozenset(whole.tensors))
    complete.model.check()
    return complete


def _wanted(model: Model, wrt: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(model.parameters if wrt is None else wrt)


def _planned(model: Model, found: Stable, inner: Arranged, wrt: Sequence[str] | None) -> Plan:
    wanted, complete = _wanted(model, wrt), found.model
    derivations = gradients(replace(found, model=inner.model).differentiable)
    if stray := [name for name in wanted if name not in derivations]:
        raise IllFormed(f"{stray[0]}: no gradient, for no output of {model.name} depends on it")
    names = variable_names(complete)
    reader = _reader(inner.model, names)
    needed = [derivations[t].equation for t in _needed(derivations, wanted)]
    stages = set(complete.tensors) - set(concrete(model).tensors) - {complete.loss}
    late = _late(complete, {r for e in needed for r in e.reads} & stages)
    forward = [forward_step(block, names, reader) for block in inner.model.blocks]
    early = [s for s in forward if not late & set(s.tensors)]
    others = [s for s in forward if s not in early]
    reader.book.forget(s.target.name for step in others for s in step.statements)
    backward = [backward_step(b, derivations, names, reader) for b in blocks(needed)]
    kept = {names[n] for n in complete.tensors} | {names[adjoint_name(n)] for n in wanted}
    functions = shared(early, (others, backward), reader.book.taken)
    predict, score, back = thrifty(functions, kept)
    return Plan(
        source=concrete(model),
        model=complete,
        variables=names,
        predict=predict,
        score=score,
        backward=back,
        wrt=wanted,
        targets=_targets(complete, late),
        orders=inner.orders,
        derivations=derivations,
        notes=found.notes,
    )


def _reader(model: Model, names: Mapping[str, str]) -> Reader:
    ranges = {n: t.ranges for n, t in model.tensors.items()}
    ranges |= {adjoint_name(n): r for n, r in ranges.items()}
    arrays = {
        n: Name(names[n], tuple(hi - lo + 1 for lo, hi in bounds)) for n, bounds in ranges.items()
    }
    return Reader(ranges, arrays, Book(taken={*names.values(), *RESERVED}))


def _needed(derivations: Mapping[str, Derivation], wanted: Iterable[str]) -> list[str]:
    """The adjoints that the wanted ones are computed from, in backward order."""
    found: set[str] = set()
    queue = list(wanted)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            reads = (adjoint_of(r) for r in derivations[name].equation.reads)
            queue += [r for r in reads if r is not None]
    return [name for name in derivations if name in found]


def _late(model: Model, kept: set[str]) -> set[str]:
    """Tensors that depend on inputs which come in after the prediction: targets and what they need.

    An input is a target if no parameter enters after it, the equation of the loss excepted, and
    none of the stages that the backward pass reads again, which are ``kept``: a mask is no target.
    """
    late: set[str] = set()
    for name in model.inputs:
        found = _dependents(model, name)
        readers = [e for e in model.equations if e.tensor in found - {model.loss}]
        own = {r for t in found for r in model.by_tensor[t].reads if r in model.by_tensor}
        entered = any(set(e.reads) & set(model.parameters) for e in readers)
        if own - found and not entered and not found & kept:
            late |= found
    return late | {t for t in (model.loss,) if t and late}


def _dependents(model: Model, name: str) -> set[str]:
    found: set[str] = set()
    for block in model.blocks:
        if any((found | {name}) & set(e.reads) for e in members(block)):
            found |= {e.tensor for e in members(block)}
    return found


def _targets(model: Model, late: set[str]) -> tuple[str, ...]:
    early = {r for e in model.equations if e.tensor not in late for r in e.reads}
    return tuple(n for n in model.inputs if n not in early) if late else ()
