r"""Whole arrays in their author's notation: ``C_p^1`` for all of ``C_p^1(i, j)``."""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Model, Notation, adjoint_of
from derive.expr import Access
from derive.typeset import Names, element, index_latex, tensor_latex


def array_slots(notation: Notation) -> tuple[int, ...]:
    """Positions of the axes that form the array: the argument list, or every axis without one."""
    if notation.args:
        return notation.args
    scripts = (*notation.sub, *notation.sup)
    return tuple(s for s in scripts if isinstance(s, int))


def of_an_array(notation: Notation) -> Notation:
    """``C_p^1`` for the array of all ``C_p^1(i, j)``, ``W`` for that of all ``W_{ij}``."""
    if notation.args:
        return replace(notation, args=())
    sub, sup = (
        tuple(s for s in slots if isinstance(s, str)) for slots in (notation.sub, notation.sup)
    )
    return Notation(notation.head, sub, sup)


def with_whole_arrays(model: Model) -> Model:
    """The model in a notation that shows arrays instead of their elements."""
    tensors = model.tensors.items()
    whole = {n: replace(t, notation=of_an_array(t.notation)) for n, t in tensors}
    return replace(model, tensors=whole)


def array_latex(model: Model, access: Access, mark: str = "", names: Names | None = None) -> str:
    r"""The array that ``access`` reads; ``mark`` is ``T`` (transposed) or ``rot`` (turned by 180°).

    Indices that label the array stay: ``k_{p,q}^2``. Its adjoint is
    ``\frac{\partial L}{\partial …}``.
    """
    primal = adjoint_of(access.tensor)
    tensor = model.tensors[primal or access.tensor]
    notation = tensor.notation
    if notation.args:
        text = element(replace(notation, args=()), [index_latex(i, names) for i in access.indices])
    else:
        text = tensor_latex(tensor)
    if primal is not None:
        loss = r"\mathcal{L}" if model.loss is None else tensor_latex(model.tensors[model.loss])
        text = rf"\frac{{\partial {loss}}}{{\partial {text}}}"
    if mark == "rot":
        return rf"\operatorname{{rot180}}\left({text}\right)"
    if mark == "T":
        simple = primal is None and not notation.sup
        return f"{text}^T" if simple else rf"\left({text}\right)^T"
    return text
