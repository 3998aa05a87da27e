"""A derivation is the list of rewritings that the engine itself made, each with its rule's name."""

from __future__ import annotations

from dataclasses import dataclass

from derive.equations import Equation
from derive.expr import Expr
from derive.index import Axis, Index


@dataclass(frozen=True)
class Solved:
    """A delta solved for ``axis``, one of the axes ``bound`` by the sums of its term."""

    axis: Axis
    solution: Index
    bound: tuple[Axis, ...]


@dataclass(frozen=True)
class Step:
    """One rewriting: ``rule`` is printed; ``result`` is what stands after it; ``note`` says why.

    Where a delta was solved, ``solved`` says for what.
    """

    rule: str
    result: Expr
    note: str = ""
    solved: Solved | None = None


@dataclass(frozen=True)
class Compact:
    """A compact operator form recognised in an index form, e.g. ``rot180(S) * dC``.

    ``latex`` is the whole equation in the model's notation; ``operators`` name what was recognised
    (``matmul``, ``outer``, ``valid convolution``, ``full convolution``, ``rot180``, ``upsample``).
    """

    latex: str
    operators: tuple[str, ...]

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex}$"


@dataclass(frozen=True)
class Derivation:
    """The adjoint of ``tensor``: ``equation`` is ∂T[t] = …, collapsed; ``scatter`` the raw sum.

    ``scatter`` is the chain rule before any delta was collapsed: a sum over the left-side axes of
    every equation that reads the tensor. ``steps`` lead from it to the equation's right side.
    """

    tensor: str
    equation: Equation
    scatter: Expr
    steps: tuple[Step, ...]
    compact: tuple[Compact, ...] = ()

    def _repr_latex_(self) -> str | None:
        """What a notebook shows: the steps under each other; nothing without a model's notation."""
        model = self.equation.model
        if model is None:
            return None
        from derive.latex import latex  # only shown derivations need a printer

        rows = (rf"&= {latex(s.result, model)} && \text{{{s.rule}}}" for s in self.steps)
        steps = " \\\\\n".join(rows)
        left = latex(self.equation.lhs, model)
        return f"$$\\begin{{aligned}}\n{left} {steps}\n\\end{{aligned}}$$"
