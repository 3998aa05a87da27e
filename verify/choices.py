"""Claims about a tensor as a whole: its displayed size, and the law that it is initialised with."""

from __future__ import annotations

from math import isclose, prod, sqrt

from derive.equations import Model
from derive.evaluate import evaluate
from derive.expr import Access, Expr, Summation, accesses, walk
from derive.index import Axis, Index
from derive.reading.lexicon import occurrence
from derive.reading.names import readable
from derive.reading.scope import Scope
from derive.reading.statement import Statement
from verify.compare import Outcome
from verify.verdict import Evidence, Status


def judge_size(read: Statement, scope: Scope) -> Outcome:
    """A displayed size against the dimensions left open by the symbol; ``n × 1`` is a column."""
    item = occurrence(read.nodes[0])
    match = scope.lexicon.match(item) if item is not None else None
    if match is None or match.entry.ranges is None:
        return Outcome(Status.UNDECIDED, "the shape of this symbol is not known")
    open_ = [k for k, slot in enumerate(match.slots) if slot is None]
    lengths = [hi - lo + 1 for lo, hi in (match.entry.ranges[k] for k in open_)]
    shown = list(read.sizes)
    one = Index.of(1)
    if len(lengths) < 2:
        shown = [s for s in shown if s != one] or [one] * bool(lengths)
        lengths = [n for n in lengths if n != one] or [one] * bool(lengths)
    text = "×".join(str(n) for n in read.sizes)
    if shown == lengths:
        evidence = Evidence("shapes", "agrees", f"the model's array is {text}")
        return Outcome(
            Status.PROVED, f"the model has this size, {text}", "the model's sizes", (evidence,)
        )
    true = "×".join(str(n) for n in lengths) or "a number"
    evidence = Evidence("shapes", "differs", f"the model's array is {true}")
    message = f"the size shown is {text}, the model has {true}"
    return Outcome(Status.REFUTED, message, None, (evidence,), {"shown": text, "model": true})


def judge_distribution(read: Statement, model: Model) -> Outcome:
    """An initial distribution is a choice; it is confirmed where it is Glorot and Bengio's.

    U(-b, b) with b² = 6 / (fan in + fan out) (Understanding the difficulty of training deep
    feedforward neural networks, 2010, equation 16).
    """
    assert read.law is not None
    law, parameters = read.law
    values = [_number(p) for p in parameters]
    fans = fan_in_out(read.target or "", model)
    if law != "uniform" or fans is None or None in values or len(values) != 2:
        return Outcome(Status.DEFINITION, "an initial distribution is a choice; nothing to check")
    low, high = (v for v in values if v is not None)
    glorot = sqrt(6 / sum(fans))
    detail = f"fan in {fans[0]}, fan out {fans[1]}: sqrt(6 / {sum(fans)}) = {glorot:.6g}"
    if isclose(high, glorot, rel_tol=1e-12) and isclose(low, -high, rel_tol=1e-12):
        evidence = Evidence("fans of the model", "agrees", detail)
        message = "this is Glorot and Bengio's uniform law for the model's fans"
        return Outcome(Status.CONFIRMED, message, "the model's sizes", (evidence,))
    message = (
        f"an initial distribution is a choice; Glorot and Bengio's bound would be {glorot:.6g}"
    )
    evidence = Evidence("fans of the model", "differs", detail)
    return Outcome(Status.DEFINITION, message, None, (evidence,))


def fan_in_out(tensor: str, model: Model) -> tuple[int, int] | None:
    """Fan in and fan out of a weight tensor, or ``None`` where no sum of products reads it.

    Axes of the tensor that the reading equation sums over count inwards, the others outwards; an
    axis of a window (summed, and in an index of another factor together with an axis of the left
    side) counts for both, as kernels do.
    """
    for equation in model.at_sizes().readers(tensor):
        for node in walk(equation.rhs):
            if isinstance(node, Summation):
                for access in accesses(node.body):
                    if access.tensor == tensor:
                        return _fans(access, node, frozenset(equation.axes))
    return None


def _fans(access: Access, total: Summation, left: frozenset[Axis]) -> tuple[int, int]:
    own = frozenset(a for index in access.indices for a in index.axes)
    summed = own & frozenset(total.axes)
    window = frozenset(
        a
        for other in accesses(total.body)
        for index in other.indices
        for a in index.axes & summed
        if other.tensor != access.tensor and index.axes & left
    )
    inwards = prod(_length(a) for a in summed)
    outwards = prod(_length(a) for a in (own & left) | window)
    return inwards, outwards


def _length(axis: Axis) -> int:
    return axis.extent.value or 0


def _number(expr: Expr) -> float | None:
    """The value of a closed expression, ``None`` where it reads a tensor or an index."""
    if accesses(expr) or expr.free_axes:
        return None
    return float(evaluate(expr, (), {}, {}))


def named(tensor: str) -> str:
    """A tensor's name for messages."""
    return readable(tensor)
