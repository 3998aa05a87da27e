"""The single term of a right side, taken apart for the recognisers.

Array axes of a tensor are those of its argument list (all where it has none); its other indices
merely label the array: ``k_{p,q}(u, v)`` is an array in u and v with the labels p and q.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from derive.equations import Equation, Model, Range, Tensor, adjoint_of
from derive.expr import Access, Add, Delta, Expr, Guard, Value, accesses, product
from derive.index import Axis, Index, greatest, least
from derive.latex import latex
from derive.notation import array_latex, array_slots
from derive.printer import named
from derive.steps import Compact
from derive.typeset import parenthesised


@dataclass(frozen=True)
class Term:
    """``equation``'s right side as a sum over ``axes`` of a product of ``factors``."""

    model: Model
    equation: Equation
    axes: tuple[Axis, ...]
    factors: tuple[Expr, ...]

    @cached_property
    def guards(self) -> tuple[Index, ...]:
        """The indices that must not be negative."""
        return tuple(f.index for f in self.factors if isinstance(f, Guard))

    @cached_property
    def reads(self) -> tuple[Access, ...]:
        """The factors that are elements of tensors."""
        return tuple(f for f in self.factors if isinstance(f, Access))

    @cached_property
    def constants(self) -> tuple[Expr, ...]:
        """The factors without an index or an element: numbers and sizes."""
        return tuple(f for f in self.factors if _is_constant(f))

    @cached_property
    def rest(self) -> tuple[Expr, ...]:
        """Factors that are neither a constant, a guard nor a read."""
        return tuple(
            f for f in self.factors if not isinstance(f, Guard | Access) and not _is_constant(f)
        )

    def tensor(self, access: Access) -> Tensor:
        """The tensor that is read, or whose adjoint is."""
        return self.model.tensors[adjoint_of(access.tensor) or access.tensor]

    def ranges(self, access: Access) -> list[Range]:
        """The ranges of the array axes of the tensor read."""
        tensor = self.tensor(access)
        return [tensor.ranges[s] for s in array_slots(tensor.notation)]

    def indices(self, access: Access) -> list[Index]:
        """The indices at the array axes of the tensor read."""
        return [access.indices[s] for s in array_slots(self.tensor(access).notation)]

    def labels(self, access: Access) -> list[Index]:
        """The indices that label the array read."""
        slots = array_slots(self.tensor(access).notation)
        return [i for s, i in enumerate(access.indices) if s not in slots]

    def runs(self, access: Access) -> list[Axis] | None:
        """The axes that run along the array read, from end to end; ``None`` where one does not."""
        places = zip(self.indices(access), self.ranges(access), strict=True)
        found = [running_axis(index, bounds) for index, bounds in places]
        axes = [a for a in found if a is not None]
        return axes if len(set(axes)) == len(found) else None

    def are_labelled_by(self, accesses: Iterable[Access], axes: Iterable[Axis]) -> bool:
        """True where no label of these arrays depends on another axis than these."""
        used = (i.axes for access in accesses for i in self.labels(access))
        return frozenset().union(*used) <= frozenset(axes)

    @cached_property
    def own_labels(self) -> tuple[Axis, ...]:
        """The axes that label the array on the left side."""
        return tuple(a for i in self.labels(self.equation.lhs) for a in i.axes)

    @cached_property
    def own_axes(self) -> list[Axis]:
        """The axes of the array on the left side."""
        return [a for i in self.indices(self.equation.lhs) for a in i.axes]

    @cached_property
    def names(self) -> dict[Axis | Index, str]:
        """How the axes are printed, different ones differently."""
        return named([*self.equation.axes, *self.axes], {}, self.model)

    def array(self, access: Access, mark: str = "") -> str:
        """The array read, in LaTeX; ``mark`` as in `array_latex`."""
        return array_latex(self.model, access, mark, self.names)

    def form(self, right: str, *operators: str) -> Compact:
        """The left array equal to ``right`` times the constants."""
        return Compact(f"{self.array(self.equation.lhs)} = {self.scale}{right}", operators)

    @cached_property
    def scale(self) -> str:
        """The constant factor as LaTeX, nothing for one."""
        if not self.constants:
            return ""
        factor = product(*self.constants)
        text = latex(factor, self.model)
        if text == "-1":
            return "-"
        return (parenthesised(text) if isinstance(factor, Add | Value) else text) + " "


def running_axis(index: Index, bounds: Range) -> Axis | None:
    """The axis that ``index`` is, up to an offset, where it takes every value within ``bounds``."""
    if len(index.axes) != 1:
        return None
    (axis,) = index.axes
    whole = index.coefficient(axis).value == 1 and (least(index), greatest(index)) == bounds
    return axis if whole else None


def single_axes(indices: Sequence[Index]) -> list[Axis] | None:
    """The axes that these indices are, all different; ``None`` where one is more than an axis."""
    axes = [a for i in indices for a in i.axes if i == Index.of(a)]
    return axes if len(set(axes)) == len(indices) else None


def _is_constant(factor: Expr) -> bool:
    return not (isinstance(factor, Guard | Delta) or factor.free_axes or accesses(factor))
