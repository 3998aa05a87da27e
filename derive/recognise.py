r"""Compact operator forms, recognised in the index form of an equation; nothing is typed in.

    matrix products     sum_m W[i,m] f[m] = (W f)[i],  a[i] b[j] = (a b^T)[i,j]
    convolution         (A * B)(o) = sum_s A(o - s) B(s), valid or full, every reversal a rot180
    upsampling          A[ceil(i/s)] where a window is as wide as its stride
    unflattening        A read at a mixed-radix number
    Hadamard product    every factor read at the left side's own index

Array axes are those of a tensor's argument list (all axes where it has none); the others are indices
that merely label the arrays. A form is given only where it holds on the whole range: extents
decide between valid and full, and full needs exactly the guards "zero outside".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from derive.collapse import terms_of
from derive.equations import Equation, Model, Tensor, adjoint_of
from derive.expr import Access, Add, Delta, Expr, Guard, Number, accesses
from derive.index import Axis, Index
from derive.latex import latex
from derive.limits import window
from derive.notation import array_latex, array_slots
from derive.radix import digits
from derive.steps import Compact
from derive.typeset import parenthesised


def compact_forms(model: Model, equation: Equation) -> tuple[Compact, ...]:
    """Every compact form that the right side of ``equation`` has, most telling first.

    Only single-term right sides are looked at; a sum of terms has none.
    """
    if isinstance(equation.rhs, Add):
        return ()
    ((axes, factors),) = terms_of(equation.rhs)
    term = _Term(model, equation, axes, factors)
    finders = (_upsampling, _unflattening, _matrix_product, _convolution, _hadamard)
    found = (finder(term) for finder in finders)
    return tuple(form for form in found if form is not None)


@dataclass(frozen=True)
class _Term:
    """The single term of an equation, taken apart."""

    model: Model
    equation: Equation
    axes: tuple[Axis, ...]
    factors: tuple[Expr, ...]

    @property
    def guards(self) -> tuple[Index, ...]:
        return tuple(f.index for f in self.factors if isinstance(f, Guard))

    @property
    def reads(self) -> tuple[Access, ...]:
        return tuple(f for f in self.factors if isinstance(f, Access))

    @property
    def rest(self) -> tuple[Expr, ...]:
        """Factors that are neither a number, a bracket nor a read."""
        plain = (Number, Guard, Delta, Access)
        return tuple(f for f in self.factors if not isinstance(f, plain))

    @property
    def scale(self) -> str:
        """The numeric factor as LaTeX, empty for one."""
        numbers = [f for f in self.factors if isinstance(f, Number)]
        if not numbers:
            return ""
        text = latex(numbers[0], self.model)
        return "-" if text == "-1" else text + " "

    def tensor(self, access: Access) -> Tensor:
        return self.model.tensors[adjoint_of(access.tensor) or access.tensor]

    def slots(self, access: Access) -> tuple[int, ...]:
        """Positions of the array axes of the tensor read."""
        return array_slots(self.tensor(access).notation)

    def array(self, access: Access, mark: str = "") -> str:
        return array_latex(self.model, access, mark)

    def left(self) -> str:
        return self.array(self.equation.lhs)

    def form(self, right: str, *operators: str) -> Compact:
        return Compact(f"{self.left()} = {self.scale}{right}", operators)


def _hadamard(term: _Term) -> Compact | None:
    """Every read is at the left side's own indices: an elementwise equation."""
    own = term.equation.lhs.indices
    everywhere = [a for f in term.factors for a in accesses(f)]
    if term.axes or term.guards or not everywhere or any(a.indices != own for a in everywhere):
        return None
    texts = []
    for factor in term.factors:
        if isinstance(factor, Number):
            continue
        names = {a.tensor: term.array(a) for a in accesses(factor)}
        texts.append(_elementwise_latex(term, factor, names))
    operators = ("hadamard",) if len(texts) > 1 else ("identity",)
    return term.form(r" \odot ".join(texts), *operators)


def _elementwise_latex(term: _Term, factor: Expr, names: dict[str, str]) -> str:
    """A factor with whole arrays in place of elements."""
    if isinstance(factor, Access):
        return names[factor.tensor]
    from_elements = latex(factor, _without_arguments(term.model))
    return f"({from_elements})" if isinstance(factor, Add) else from_elements


def _without_arguments(model: Model) -> Model:
    bare = {n: replace(t, notation=replace(t.notation, args=())) for n, t in model.tensors.items()}
    return replace(model, tensors=bare)


def _matrix_product(term: _Term) -> Compact | None:
    """``A B``, ``A^T B``, ``A x``, ``a b^T``: two reads of plain axes, the summed one shared."""
    if term.guards or term.rest or len(term.reads) != 2 or len(term.axes) > 1:
        return None
    if not all(_plain(index) for read in term.reads for index in read.indices):
        return None
    rows_columns = [_axis_of(term.equation.lhs.indices[s]) for s in term.slots(term.equation.lhs)]
    if len(rows_columns) > 2 or any(len(term.slots(r)) > 2 for r in term.reads):
        return None
    summed = term.axes[0] if term.axes else None
    for left, right in permutations(term.reads):
        found = _oriented(term, left, right, rows_columns, summed)
        if found is not None:
            return found
    return None


def _oriented(
    term: _Term, left: Access, right: Access, out: list[Axis], summed: Axis | None
) -> Compact | None:
    """``left right`` in this order, each transposed if that makes the axes meet."""
    first = [_axis_of(left.indices[s]) for s in term.slots(left)]
    second = [_axis_of(right.indices[s]) for s in term.slots(right)]
    if summed is None:
        if len(first) == len(second) == 1 and [*first, *second] == out and len(out) == 2:
            return term.form(f"{term.array(left)} {term.array(right, 'T')}", "outer")
        return None
    if len(out) == 1 and sorted((len(first), len(second))) != [1, 2]:
        return None
    rows, columns = out[:1], out[1:]
    marks = [
        "" if axes == want else "T" if axes[::-1] == want else None
        for axes, want in ((first, [*rows, summed]), (second, [summed, *columns]))
    ]
    if None in marks:
        return None
    text = " ".join(term.array(a, m or "") for a, m in zip((left, right), marks, strict=True))
    return term.form(text, "matmul", *("transpose" for m in marks if m))


def _convolution(term: _Term) -> Compact | None:
    """Two reads, one a window of the other's axes along every array axis of the left side."""
    if term.rest or len(term.reads) != 2:
        return None
    lhs = term.equation.lhs
    out = [_axis_of(lhs.indices[s]) for s in term.slots(lhs)]
    for moving, still in permutations(term.reads):
        pairs = [
            (moving.indices[s], still.indices[t])
            for s, t in zip(term.slots(moving), term.slots(still), strict=False)
        ]
        if len(pairs) != len(out) or len(term.slots(moving)) != len(term.slots(still)):
            continue
        signs = {_window_signs(m, s, o, term.axes) for (m, s), o in zip(pairs, out, strict=True)}
        if len(signs) == 1 and None not in signs:
            mode = _mode(term, moving, still)
            if mode is not None:
                return _convolution_form(term, moving, still, signs.pop(), mode)
    return None


def _window_signs(
    moving: Index, still: Index, out: Axis, summed: Sequence[Axis]
) -> tuple[int, int] | None:
    """Signs of the output and of the summed axis in ``moving``; ``still`` must read that axis plain."""
    if not _plain(still) or _axis_of(still) not in summed:
        return None
    axis = _axis_of(still)
    signs = (moving.coefficient(out).value, moving.coefficient(axis).value)
    if moving.axes != {out, axis} or signs[0] not in (1, -1) or signs[1] not in (1, -1):
        return None
    return signs  # type: ignore[return-value]


def _mode(term: _Term, moving: Access, still: Access) -> str | None:
    """Valid where nothing is guarded, full where exactly "zero outside" is, judged by extents."""

    def extents(access: Access) -> list[Index]:
        return [term.tensor(access).extents[s] for s in term.slots(access)]

    out, a, b = extents(term.equation.lhs), extents(moving), extents(still)
    longer = [x + y - 1 for x, y in zip(a, b, strict=True)]
    shorter = [x - y + 1 for x, y in zip(a, b, strict=True)]
    if not term.guards and out == shorter:
        return "valid convolution"
    bounds = [term.tensor(moving).ranges[s] for s in term.slots(moving)]
    inside = {
        guard
        for s, (lo, hi) in zip(term.slots(moving), bounds, strict=True)
        for guard in (moving.indices[s] - lo, hi - moving.indices[s])
    }
    return "full convolution" if out == longer and set(term.guards) == inside else None


def _convolution_form(
    term: _Term, moving: Access, still: Access, signs: tuple[int, int], mode: str
) -> Compact:
    """``(A * B)(o) = sum A(o - s) B(s)``: a reversed output index rotates A, an equal sign rotates B."""
    rotate_moving, rotate_still = signs[0] < 0, signs[0] == signs[1]
    texts = [
        term.array(a, "rot" if turned else "")
        for a, turned in ((moving, rotate_moving), (still, rotate_still))
    ]
    used = {_axis_of(i) for i in still.indices if _plain(i)} & set(term.axes)
    windowed = {_axis_of(still.indices[s]) for s in term.slots(still)}
    prefix = "".join(rf"\sum_{{{a.name}}} " for a in term.axes if a in used - windowed)
    turns = ("rot180",) if rotate_moving or rotate_still else ()
    return term.form(f"{prefix}{texts[0]} * {texts[1]}", mode, *turns)


def _upsampling(term: _Term) -> Compact | None:
    """One read at ``ceil(i/s)`` (or a floor): windows that are single points along every summed axis."""
    if term.rest or len(term.reads) != 1 or not term.axes:
        return None
    found = [window(axis, term.guards, term.axes) for axis in term.axes]
    if any(w is None or not w.is_point for w in found):
        return None
    names = ["ceil" if w and w.guards[0].constant.value == 0 else "floor" for w in found]
    shown = latex(term.equation.rhs, term.model, {a: a.name for a in term.equation.axes})
    left = latex(term.equation.lhs, term.model, {a: a.name for a in term.equation.axes})
    return Compact(f"{left} = {shown}", ("upsample", *sorted(set(names))))


def _unflattening(term: _Term) -> Compact | None:
    """One read at a mixed-radix number of the left side's axes: the vector folded back."""
    axes = term.equation.axes
    if term.axes or term.rest or term.guards or len(term.reads) != 1 or len(axes) < 2:
        return None
    (read,) = term.reads
    if len(read.indices) != 1 or not _is_one_to_one(read.indices[0], axes):
        return None
    vectorise = [n for n, kind in term.model.functions.items() if kind.startswith("vectorise")]
    head = f"{vectorise[0]}^{{-1}}" if vectorise else r"\operatorname{reshape}"
    return term.form(head + parenthesised(term.array(read)), "reshape")


def _is_one_to_one(index: Index, axes: Sequence[Axis]) -> bool:
    """Equal only for equal digits: the difference at two places splits into one delta per axis."""
    other = index.substitute({a: Index.of(a.like()) for a in axes})
    return len(digits(index - other)) == len(axes)


def _plain(index: Index) -> bool:
    return (
        len(index.terms) == 1
        and index.terms[0][1] == 1
        and len(index.axes) == 1
        and (len(index.terms[0][0]) == 1)
    )


def _axis_of(index: Index) -> Axis | None:
    return next(iter(index.axes)) if len(index.axes) == 1 else None
