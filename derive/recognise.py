r"""Compact operator forms, recognised in the index form of an equation; nothing is typed in.

    matrix products     sum_m W[i,m] f[m] = (W f)[i],  a[i] b[j] = (a b^T)[i,j]
    convolution         (A * B)(o) = sum_s A(o - s) B(s), valid or full, every reversal a rot180
    upsampling          A[ceil(i/s)] where a window is as wide as its stride
    unflattening        a whole vector read at a mixed-radix number
    Hadamard product    every factor read at the left side's own index

A form is given only where it says exactly the same: every array is read from end to end, "valid"
means that nothing is guarded, "full" that exactly "zero outside" is.
"""

from __future__ import annotations

from derive.collapse import terms_of
from derive.equations import Equation, Model
from derive.expr import Add
from derive.recognising.convolutions import convolution
from derive.recognising.places import unflattening, upsampling
from derive.recognising.products import hadamard, matrix_product
from derive.recognising.term import Term
from derive.steps import Compact

FAMILIES = (upsampling, unflattening, matrix_product, convolution, hadamard)
"""Most telling first."""


def compact_forms(model: Model, equation: Equation) -> tuple[Compact, ...]:
    """Every compact form that the right side of ``equation`` has, most telling first.

    Only single-term right sides are looked at; a sum of terms has none.
    """
    if isinstance(equation.rhs, Add):
        return ()
    ((axes, factors),) = terms_of(equation.rhs)
    term = Term(model, equation, axes, factors)
    found = (family(term) for family in FAMILIES)
    return tuple(form for form in found if form is not None)
