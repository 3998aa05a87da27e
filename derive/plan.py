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
from derive.collapse import terms_of
from derive.equations import Equation, Model, adjoint_name, adjoint_of
from derive.errors import IllFormed
from derive.expr import Delta, Expr, Guard, product, summation, walk
from derive.loops import Loop, blocks, members
from derive.planning.arrays import Array, Broadcast, Extent, Literal, Name
from derive.planning.book import Book, Statement
from derive.planning.cost import cost
from derive.planning.expressions import Reader, compiled
from derive.planning.labelled import Labelled, full, mapped
from derive.planning.names import RESERVED, variable_names
from derive.planning.recurrent import recurrence
from derive.planning.scatter import scattered
from derive.planning.step import Step
from derive.staging import staged
from derive.stand_in import concrete
from derive.steps import Derivation
from derive.upstream import with_upstream

__all__ = ["CLEARLY", "Plan", "Step", "plan"]

CLEARLY = 0.75
"""The gather form is taken where its cost is below this part of the scatter form's."""


@dataclass(frozen=True)
class Plan:
    """Array statements for prediction, loss and gradients of a model.

    ``model`` is the batched and staged model that is computed, ``source`` the one that was given.
    ``variables`` maps tensors and adjoints to variables; ``wrt`` are the tensors whose gradients
    are computed; ``targets`` the inputs that only the loss needs.
    """

    source: Model
    model: Model
    variables: Mapping[str, str]
    predict: tuple[Step, ...]
    score: tuple[Step, ...]
    backward: tuple[Step, ...]
    wrt: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """Every name that has a meaning in the code."""
        steps = (*self.predict, *self.score, *self.backward)
        made = {s.target.name for step in steps for s in step.statements}
        return RESERVED | {*self.variables.values(), *made}

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
    """Plan the model at its sizes, with gradients of ``wrt`` (the parameters).

    Raises `IllFormed` where a tensor in ``wrt`` is unknown or no output depends on it, and for
    functions known only by their derivative.
    """
    model = concrete(model)
    complete = staged(batched(with_upstream(model.at_sizes())))
    complete.check()
    derivations = gradients(complete)
    wanted = tuple(model.parameters if wrt is None else wrt)
    if stray := [name for name in wanted if name not in derivations]:
        raise IllFormed(f"{stray[0]}: no gradient, for no output of {model.name} depends on it")
    names = variable_names(complete)
    reader = _reader(complete, names)
    late = _late(complete)
    forward = [_forward_step(block, names, reader) for block in complete.blocks]
    needed = [derivations[t].equation for t in _needed(derivations, wanted)]
    backward = [_backward_step(b, derivations, names, reader) for b in blocks(needed)]
    return Plan(
        source=model,
        model=complete,
        variables=names,
        predict=tuple(s for s in forward if not late & set(s.tensors)),
        score=tuple(s for s in forward if late & set(s.tensors)),
        backward=tuple(backward),
        wrt=wanted,
        targets=_targets(complete, late),
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


def _late(model: Model) -> set[str]:
    """Tensors that depend on inputs which come in after the prediction: targets and what they need.

    An input is a target if no parameter enters after it, the equation of the loss excepted.
    """
    late: set[str] = set()
    for name in model.inputs:
        found = _dependents(model, name)
        readers = [e for e in model.equations if e.tensor in found - {model.loss}]
        own = {r for t in found for r in model.by_tensor[t].reads if r in model.by_tensor}
        if own - found and not any(set(e.reads) & set(model.parameters) for e in readers):
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


def _forward_step(block: Equation | Loop, names: Mapping[str, str], reader: Reader) -> Step:
    if isinstance(block, Loop):
        return recurrence(block, names, reader, _assigning)
    return _planned(block, block.rhs, names, reader)


def _backward_step(
    block: Equation | Loop,
    derivations: Mapping[str, Derivation],
    names: Mapping[str, str],
    reader: Reader,
) -> Step:
    """A loop as its equations stand, one equation in the cheaper form."""
    if isinstance(block, Loop):
        return recurrence(block, names, reader, _assigning)
    return _cheaper(derivations[adjoint_of(block.tensor) or ""], names, reader)


def _assigning(equation: Equation, name: str, reader: Reader) -> tuple[Statement, ...]:
    """The statements that assign the right side to a variable of this name."""
    _assign(equation, name, _assigned(equation, equation.rhs, reader), reader)
    return reader.book.turn_page()


def _cheaper(derivation: Derivation, names: Mapping[str, str], reader: Reader) -> Step:
    """The gather form where it needs no brackets, else the cheaper of the two forms.

    Where they cost about the same, the scatter form is taken, in which no zero of a padding can
    meet an infinity.
    """
    equation = derivation.equation
    forms = [equation.rhs]
    if any(isinstance(node, Guard | Delta) for node in walk(equation.rhs)):
        forms.insert(0, derivation.scatter)
    trials = ((form, replace(reader, book=reader.book.copy())) for form in forms)
    steps = [(_planned(equation, form, names, trial), trial.book) for form, trial in trials]
    weights = [cost(step.statements) for step, _ in steps]
    step, book = steps[-1] if weights[-1] < CLEARLY * weights[0] else steps[0]
    reader.book.adopt(book)
    return step


def _planned(equation: Equation, rhs: Expr, names: Mapping[str, str], reader: Reader) -> Step:
    value = _assigned(equation, rhs, reader)
    return _step(equation.tensor, equation, value, names, reader)


def _step(
    tensor: str, equation: Equation, value: Labelled, names: Mapping[str, str], reader: Reader
) -> Step:
    _assign(equation, names[tensor], value, reader)
    return Step(tensor, equation, reader.book.turn_page())


def _assign(equation: Equation, name: str, value: Labelled, reader: Reader) -> None:
    array = full(value, equation.axes).array
    if isinstance(array, Literal | Extent):
        array = Broadcast(array, ())
    reader.book.assign(name, array)


def _assigned(equation: Equation, rhs: Expr, reader: Reader) -> Labelled:
    """The right side as an array over the equation's axes; terms with deltas are scattered."""
    axes = equation.axes
    if not any(isinstance(node, Delta) for node in walk(rhs)):
        return compiled(rhs, axes, reader)
    total: Labelled | None = None
    for bound, factors in terms_of(rhs):
        if any(isinstance(f, Delta) for f in factors):
            term = scattered(bound, factors, axes, reader)
        else:
            term = compiled(summation(bound, product(*factors)), axes, reader)
        total = term if total is None else mapped("+", (total, term), axes)
    assert total is not None
    return total
