"""The law that a tensor is initialised with, against the laws that are usual for its fans.

    Glorot and Bengio 2010, equation 16    U(±sqrt(6 / (in + out)))     variance 2 / (in + out)
    He, Zhang, Ren and Sun 2015            U(±sqrt(6 / in))             variance 2 / in
    LeCun, Bottou, Orr and Müller 1998     U(±sqrt(3 / in))             variance 1 / in
    PyTorch's layers                       U(±1 / sqrt(in))

A plain number is the author's choice. A law that is worked out from sizes says which sizes it
means: where these are not the model's, it is undecided, with what it would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isclose, isfinite, prod, sqrt

from derive.equations import Model
from derive.evaluate import evaluate
from derive.expr import Access, Apply, Expr, Summation, accesses, walk
from derive.index import Axis
from derive.reading.statement import Statement
from verify.compare import Outcome
from verify.verdict import Evidence, Status

Fans = tuple[int, int]
CHOICE = "an initial distribution is a choice; nothing to check"
GLOROT = "Glorot and Bengio's"
EXACT = 1e-12
LARGEST_SUM = 10**6


def judge_distribution(read: Statement, model: Model) -> Outcome:
    """Confirmed where the law is a usual one for the model's fans; a plain number is a choice."""
    assert read.law is not None
    law, parameters = read.law
    values = [_number(p) for p in parameters]
    fans = fan_in_out(read.target or "", model)
    known = [v for v in values if v is not None and isfinite(v)]
    if fans is None or len(known) != 2 or len(values) != 2:
        return Outcome(Status.DEFINITION, CHOICE)
    spread = _spread(law, known)
    detail = f"fan in {fans[0]}, fan out {fans[1]}"
    for name, usual in _usual(law, fans):
        if spread is not None and any(isclose(s, usual, rel_tol=EXACT) for s in spread):
            evidence = Evidence("fans of the model", "agrees", f"{detail}: {usual:.6g}")
            message = f"this is {name} {law} law for the model's fans"
            return Outcome(Status.CONFIRMED, message, "the model's sizes", (evidence,))
    bound = next(v for n, v in _usual(law, fans) if n == GLOROT)
    would_be = f"{GLOROT} {'bound' if law == 'uniform' else 'variance'} would be {bound:.6g}"
    evidence = Evidence("fans of the model", "differs", f"{detail}: {bound:.6g}")
    if not any(isinstance(n, Apply) for p in parameters for n in walk(p)):
        message = f"an initial distribution is a choice; {would_be}"
        return Outcome(Status.DEFINITION, message, None, (evidence,))
    conditions = tuple(_meant(law, known))
    message = f"no usual law for {detail}; {would_be}"
    return Outcome(Status.UNDECIDED, message, None, (evidence,), None, conditions)


def _spread(law: str, known: list[float]) -> tuple[float, ...] | None:
    """The bound of a uniform law around 0; of a normal one what may be its variance."""
    first, second = known
    if law == "uniform":
        return (second,) if isclose(first, -second, rel_tol=EXACT) else None
    return (second, second * second) if not first else None


def _usual(law: str, fans: Fans) -> Iterator[tuple[str, float]]:
    """The usual bounds, or variances, by the names of their authors."""
    inwards, outwards = fans
    if law == "uniform":
        yield GLOROT, sqrt(6 / (inwards + outwards))
        yield "He and others'", sqrt(6 / inwards)
        yield "LeCun and others'", sqrt(3 / inwards)
        yield "PyTorch's", 1 / sqrt(inwards)
    else:
        yield GLOROT, 2 / (inwards + outwards)
        yield "He and others'", 2 / inwards
        yield "LeCun and others'", 1 / inwards


def _meant(law: str, known: list[float]) -> Iterator[str]:
    """``right if fan in and fan out add up to 212``, where that is a whole number."""
    second = known[1]
    total = (6 / second**2 if law == "uniform" else 2 / second) if second > 0 else 0.0
    nearest = Fraction(total).limit_denominator(1)
    if 2 <= nearest <= LARGEST_SUM and isclose(total, float(nearest), rel_tol=EXACT):
        yield f"right if fan in and fan out add up to {nearest}"


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
