"""Tensors, equations and models: what the whole house passes around.

A model is a list of equations ``T[axes] = rhs`` in order of evaluation. Every tensor has an
inclusive range per axis, which need not start at 0 or 1. The mathematics is the core
(`derive.expr`); `derive.slides` reads models written with SymPy objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.check import check
from derive.expr import Access, Expr, accesses
from derive.given import NOTHING, Given
from derive.index import Axis, Index, Size
from derive.layers import Layers
from derive.learning import Batch, Update
from derive.loops import Loop, blocks
from derive.resize import resize

Range = tuple[Index, Index]
"""Inclusive bounds ``(lo, hi)`` of one axis, polynomials in the sizes."""


@dataclass(frozen=True)
class Notation:
    r"""How an author writes a tensor: a head, with literal labels and index slots around it.

    ``C_p^1(i, j)`` is ``Notation("C", sub=(0,), sup=("1",), args=(1, 2))``: an integer is the
    position of an index, a string a label that belongs to the name. ``\hat y(i)`` has head
    ``\hat{y}``.
    """

    head: str
    sub: tuple[int | str, ...] = ()
    sup: tuple[int | str, ...] = ()
    args: tuple[int, ...] = ()
    bracket: str = "("


@dataclass(frozen=True)
class Tensor:
    """A named array: ASCII ``name``, one inclusive range per axis, and its ``notation``.

    A vector is a column in matrix notation unless it is a ``row``.
    """

    name: str
    ranges: tuple[Range, ...]
    notation: Notation
    row: bool = False

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self.ranges)

    @property
    def extents(self) -> tuple[Index, ...]:
        """Length of each axis."""
        return tuple(hi - lo + 1 for lo, hi in self.ranges)


@dataclass(frozen=True)
class Source:
    """Where an equation was read: its LaTeX and its 1-based line and column."""

    latex: str
    line: int
    column: int


@dataclass(frozen=True)
class Equation:
    """``tensor[axes] = rhs``; ``axes`` run over the tensor's ranges in the tensor's axis order.

    In a recurrence (`derive.loops`) several equations share a tensor: a step whose axes do not run
    over all of it, and equations for elements before, ``h[0, i] = …``, whose ``place`` is what
    stands on the left. ``model`` is the one whose notation the equation is shown in; a model sets
    it on its equations.
    """

    tensor: str
    axes: tuple[Axis, ...]
    rhs: Expr
    source: Source | None = field(default=None, compare=False)
    model: Model | None = field(default=None, compare=False, repr=False)
    place: tuple[Index, ...] | None = None

    @property
    def lhs(self) -> Access:
        """The left side as an access."""
        return Access(self.tensor, self.place or tuple(Index.of(a) for a in self.axes))

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Names of the tensors on the right, in order of first occurrence."""
        return tuple(dict.fromkeys(a.tensor for a in accesses(self.rhs)))

    def _repr_latex_(self) -> str | None:
        """What a notebook shows; nothing for an equation that no model has given a notation."""
        if self.model is None:
            return None
        from derive.latex import equation_latex  # only shown equations need a printer

        return rf"$\displaystyle {equation_latex(self, self.model)}$"


@dataclass(frozen=True)
class Shift:
    """An origin changed in mid-air: where ``equation`` reads ``tensor``, index k means k + offset.

    ``S_p^1`` defined on 1..12 and read on -1..10 has offset 2 on both array axes. ``read`` is the
    range as the author's indices run over it.
    """

    tensor: str
    equation: str
    offsets: tuple[Index, ...]
    read: tuple[Range, ...]


@dataclass(frozen=True)
class Model:
    """Equations in order of evaluation, what is read only, and the loss.

    ``loss is None`` means that the outputs (tensors nothing reads) carry a generic upstream
    gradient. ``sizes`` gives the value of every size; ``named`` are derived sizes (``M`` for ``2
    N``), kept for display. ``functions`` maps notation (``\\sigma``) to catalogue names,
    ``stand_ins`` a function known only by its derivative to the one that code computes. The tensors
    in ``zero`` are declared zero outside their ranges; ``layers`` says how the sheet
    states formulas for all of a family at once.
    """

    name: str
    tensors: Mapping[str, Tensor]
    equations: tuple[Equation, ...]
    inputs: tuple[str, ...]
    parameters: tuple[str, ...]
    loss: str | None = None
    sizes: Mapping[Size, int] = field(default_factory=dict)
    named: Mapping[str, Index] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    batch: Batch | None = None
    shifts: tuple[Shift, ...] = ()
    update: Update | None = None
    given: Given = NOTHING
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    zero: frozenset[str] = frozenset()
    layers: Layers | None = None
    title: str = ""
    path: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        mine = tuple(replace(e, model=self) for e in self.equations)
        object.__setattr__(self, "equations", mine)

    @cached_property
    def by_tensor(self) -> dict[str, Equation]:
        """The defining equation of every computed tensor: in a recurrence its step."""
        return {e.tensor: e for e in sorted(self.equations, key=lambda e: e.place is None)}

    @cached_property
    def blocks(self) -> tuple[Equation | Loop, ...]:
        """The equations as they are evaluated, recurrences together. Raises `NoLoop`."""
        return blocks(self.equations)

    @cached_property
    def clock(self) -> dict[str, Range]:
        """The letters along which recurrences run, and what each of them runs over."""
        loops = [b for b in self.blocks if isinstance(b, Loop)]
        steps = [a for loop in loops for e in loop.equations for a in loop.along(e).axes]
        return {a.name: (a.lo, a.hi) for a in steps}

    @property
    def ranks(self) -> dict[str, int]:
        """Number of axes of every tensor."""
        return {name: t.rank for name, t in self.tensors.items()}

    @property
    def outputs(self) -> tuple[str, ...]:
        """The loss, or the computed tensors that no equation reads."""
        if self.loss is not None:
            return (self.loss,)
        read = {name for e in self.equations for name in e.reads}
        return tuple(e.tensor for e in self.equations if e.tensor not in read)

    def without(self, tensors: Set[str]) -> Model:
        """The model without the equations of these tensors, which are then only read."""
        return replace(self, equations=tuple(e for e in self.equations if e.tensor not in tensors))

    def readers(self, tensor: str) -> tuple[Equation, ...]:
        """The equations whose right side reads ``tensor``."""
        return self._readers.get(tensor, ())

    @cached_property
    def _readers(self) -> dict[str, tuple[Equation, ...]]:
        found: dict[str, list[Equation]] = {}
        for equation in self.equations:
            for tensor in equation.reads:
                found.setdefault(tensor, []).append(equation)
        return {tensor: tuple(readers) for tensor, readers in found.items()}

    def check(self) -> None:
        """Raise ``ValueError`` unless every equation is well formed and reads what is known."""
        known = {*self.inputs, *self.parameters}
        for block in self.blocks:
            together = block.equations if isinstance(block, Loop) else (block,)
            known |= block.tensors if isinstance(block, Loop) else set()
            for e in together:
                check(e.rhs, self.ranks, frozenset(e.axes))
                if unknown := [t for t in e.reads if t not in known]:
                    raise ValueError(
                        f"the equation of {e.tensor} reads {unknown[0]} before it is defined"
                    )
                known.add(e.tensor)

    def resized(self, **values: int) -> Model:
        """The same model with other values of its sizes.

        Raises ``ValueError`` for a size that the model does not have or a value below its least.
        """
        known = {s.name: s for s in self.sizes}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"{self.name} has no size {name!r}; it has {', '.join(known)}")
            if value < known[name].least:
                raise ValueError(f"{name} = {value}: it must be at least {known[name].least}")
        return replace(self, sizes={s: values.get(s.name, v) for s, v in self.sizes.items()})

    def at_sizes(self) -> Model:
        """The model with the values of its sizes put in: every range is a pair of integers."""
        values = {s: Index.of(v) for s, v in self.sizes.items()}

        def fixed(bounds: tuple[Range, ...]) -> tuple[Range, ...]:
            return tuple((lo.substitute(values), hi.substitute(values)) for lo, hi in bounds)

        tensors = {n: replace(t, ranges=fixed(t.ranges)) for n, t in self.tensors.items()}
        equations = [sized(e, self.sizes) for e in self.equations]
        shifts = tuple(
            replace(s, offsets=tuple(o.substitute(values) for o in s.offsets), read=fixed(s.read))
            for s in self.shifts
        )
        return replace(
            self,
            tensors=tensors,
            equations=tuple(equations),
            shifts=shifts,
            sizes={},
            named={n: i.substitute(values) for n, i in self.named.items()},
        )


def sized(equation: Equation, sizes: Mapping[Size, int]) -> Equation:
    """The equation with the values of its sizes put in, also in ranges."""
    values = {size: Index.of(n) for size, n in sizes.items()}
    axes = tuple(
        Axis(a.name, a.lo.substitute(values), a.hi.substitute(values)) for a in equation.axes
    )
    along = {old: Index.of(new) for old, new in zip(equation.axes, axes, strict=True)}
    place = equation.place
    return replace(
        equation,
        axes=axes,
        rhs=resize(equation.rhs, values, along),
        place=place and tuple(i.substitute({**values, **along}) for i in place),
    )


def adjoint_name(tensor: str) -> str:
    """Name under which the adjoint dL/dT of ``tensor`` is accessed in the core."""
    return "∂" + tensor


def adjoint_of(name: str) -> str | None:
    """The tensor whose adjoint ``name`` is, or ``None`` where it is no adjoint."""
    return name[1:] if name.startswith("∂") and "/" not in name else None


def slope_name(tensor: str, by: str) -> str:
    """Name of the still formal derivative of ``tensor`` by ``by``, with the indices of both."""
    return f"∂{tensor}/∂{by}"


def slope_of(name: str) -> tuple[str, str] | None:
    """The two tensors of a `slope_name`, or ``None`` where it is none."""
    above, bar, below = name.partition("/∂")
    return (above[1:], below) if bar and above.startswith("∂") else None
