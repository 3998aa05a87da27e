r"""The conventions that a formula may have been written under, one entry of a table each.

    values of targets        sum over k of t_k is 1, t is one-hot, t is 0 or 1
    symmetric matrices       A of a quadratic form is its own transpose
    numbers in a branch      a threshold is positive, a slope lies below 1
    steps                    what is differentiated is to be maximised, or it is a part of the loss
    minima                   what is equal to 0 is a gradient that is to vanish
    the loss                 with the factor 1/2 or 2, the mean or the sum over a batch
    deltas                   with two indices, Kronecker's or the gradient by something with two
    marks of gradients       a mark means the adjoint before, or behind, the activation
    kernels                  stored rotated by 180 degrees
    operators                convolution for correlation, and back; what an undeclared one may mean
    logarithms               decimal where nothing declares them
    origins                  counted from 0
    functions                without brackets, of the product behind them or of all that follows
    layout                   vectors are rows; matrices are transposed: samples are columns

A `Variant` changes what is judged in one of three ways: the bench (what values inputs have), the
convention (how the text is read) or both sides of the identity. Nothing here knows what is right.
"""

from __future__ import annotations

from verify.variants.deltas import errors_for_kroneckers
from verify.variants.minima import minima
from verify.variants.reach import reaches
from verify.variants.reading import (
    delta_marks,
    layouts,
    logarithms,
    marks,
    operators,
    origins,
    own_shapes,
    rows_of_gradients,
    undeclared_products,
)
from verify.variants.signs import signs
from verify.variants.steps import ascents, parts_of_the_loss
from verify.variants.symmetry import symmetries
from verify.variants.time import (
    from_the_next_step,
    partials,
    powers_of_the_last_step,
)
from verify.variants.values import kernels, log_losses, losses, targets
from verify.variants.variant import Maker

MAY_BE_OPEN: tuple[Maker, ...] = (
    targets, symmetries, delta_marks, signs, log_losses, logarithms, layouts, own_shapes,
    rows_of_gradients, undeclared_products, partials, from_the_next_step, powers_of_the_last_step,
    errors_for_kroneckers, reaches, minima,
)  # fmt: skip
"""What a model may leave open."""
SETTLED: tuple[Maker, ...] = (
    ascents, parts_of_the_loss, losses, marks, kernels, operators, origins,
)  # fmt: skip
"""What a model, or a declaration, always settles."""
MAY_BE_OPEN_OVER_TARGETS: tuple[Maker, ...] = (log_losses, layouts)
SETTLED_OVER_TARGETS: tuple[Maker, ...] = (losses, marks, origins)
"""What is tried together with restricted targets."""
