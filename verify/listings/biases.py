r"""A bias that a listing learns and the formulas do not have: ``db = sum(delta, 2)``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.equations import Model
from derive.expr import Access, Add
from verify.claims import Claim
from verify.formulas import LISTED
from verify.verdict import ACCEPTED, Contradiction, Verdict

_GIVEN = re.compile(r"\s*(?P<name>[\w.{}]+)\s*=")
_SUMMED = re.compile(
    r"\s*(?P<name>[\w.{}]+)\s*=\s*(?:(?:\w+\.)?sum\(\s*(?P<whole>[\w.{}]+)\s*,"
    r"|(?P<owner>[\w.{}]+)\.sum\(\s*(?:axis|dim|\d))"
)
_ADJOINT = re.compile(r"∂\w+/∂(?P<tensor>\w+)")


def of_biases(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], model: Model
) -> Iterator[Contradiction]:
    """Gradients summed over the samples, of tensors to which the formulas add no parameter."""
    at = {v.places[0]: v for v in verdicts}
    listed = [(c, at[c.places[0]]) for c in claims if c.kind in LISTED and c.places[0] in at]
    of = {
        given["name"]: adjoint["tensor"]
        for claim, verdict in listed
        if verdict.status in ACCEPTED
        and (given := _GIVEN.match(claim.text)) is not None
        and (adjoint := _ADJOINT.fullmatch(verdict.target or "")) is not None
    }
    for claim, _ in listed:
        match = _SUMMED.match(claim.text)
        tensor = of.get(match["whole"] or match["owner"]) if match is not None else None
        formula = None if tensor is None else _without_bias(tensor, verdicts, model)
        if match is None or formula is None:
            continue
        place, other = claim.places[0], formula.places[0]
        words = (
            f"line {place.lines} sums ∂{model.loss}/∂{tensor} over the samples, which is the "
            f"gradient of a bias; {tensor} has none in line {other.lines}"
        )
        first, second = sorted((place, other), key=lambda p: (p.line, p.column))
        yield Contradiction(match["name"], first, second, words)


def _without_bias(tensor: str, verdicts: Sequence[Verdict], model: Model) -> Verdict | None:
    """The formula that computes the tensor, where no parameter is added in it."""
    equation = model.by_tensor.get(tensor)
    if equation is None:
        return None
    terms = equation.rhs.terms if isinstance(equation.rhs, Add) else (equation.rhs,)
    if any(isinstance(t, Access) and t.tensor in model.parameters for t in terms):
        return None
    right = (v for v in verdicts if v.status in ACCEPTED and v.target == tensor)
    return next(right, None)
