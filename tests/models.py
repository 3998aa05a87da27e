"""Models written directly in the core, for tests: no reader, no SymPy, ranges that start anywhere.

Each function states its equations on one screen; every call makes fresh axes.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.equations import Equation, Model, Notation, Range, Tensor
from derive.expr import (
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Summation,
    Value,
    add,
    negative,
    number,
    power,
    product,
    quotient,
)
from derive.index import Axis, Index, Indexable, Size, axis


def at(tensor: str, *indices: Indexable) -> Access:
    """``tensor[indices]``."""
    return Access(tensor, tuple(Index.of(i) for i in indices))


def tensor(name: str, notation: Notation, *bounds: tuple[Indexable, Indexable]) -> Tensor:
    """A tensor with these inclusive ``bounds``."""
    ranges: list[Range] = [(Index.of(lo), Index.of(hi)) for lo, hi in bounds]
    return Tensor(name, tuple(ranges), notation)


def named(*tensors: Tensor) -> Mapping[str, Tensor]:
    """Tensors by name."""
    return {t.name: t for t in tensors}


def channels(name: str, count: Size, side: Indexable) -> Tensor:
    """``C1`` as ``C_p^1(i, j)``: channels and pixels all from 1."""
    notation = Notation(name[0], sub=(0,), sup=(name[1],), args=(1, 2))
    return tensor(name, notation, (1, count), (1, side), (1, side))


def logistic(argument: Expr) -> Expr:
    """``logistic(argument)``."""
    return Apply("logistic", (argument,))


def zhang_like(P: int = 6, Q: int = 12, A: int = 4, K: int = 2, M: int = 10) -> Model:
    r"""Zhang's network: P and Q channels, ``S2`` A×A, kernels ``-K..K`` squared, M outputs.

    ``z^1_p(i,j) = \sum_{u,v} I(i-u, j-v) k^1_{1,p}(u,v) + b^1_p``, ``C = \sigma(z)``, ``S`` the
    mean of ``C(2i-u, 2j-v)`` over u, v = 0..1, a second convolution summed over p that reads
    ``S^1`` shifted by K, the same pooling, ``f`` column by column, a dense layer and half the
    squared error. The sizes are symbols; the image runs over ``1-K..4A+5K``.
    """
    p_, q_, a_, k_, m_ = Size("P"), Size("Q"), Size("A"), Size("K"), Size("M")
    c2 = 2 * Index.of(a_)
    s1 = c2 + 2 * Index.of(k_)
    c1 = 2 * s1
    image: tuple[Indexable, Indexable] = (1 - Index.of(k_), c1 + k_)
    kernel: tuple[Indexable, Indexable] = (-Index.of(k_), k_)
    long = Index.of(a_) * a_ * q_
    tensors = named(
        tensor("I", Notation("I", args=(0, 1)), image, image),
        tensor("k1", Notation("k", ("1", 0), ("1",), (1, 2)), (1, p_), kernel, kernel),
        tensor("b1", Notation("b", (0,), ("1",)), (1, p_)),
        tensor("k2", Notation("k", (0, 1), ("2",), (2, 3)), (1, p_), (1, q_), kernel, kernel),
        tensor("b2", Notation("b", (0,), ("2",)), (1, q_)),
        tensor("W", Notation("W", args=(0, 1)), (1, m_), (1, long)),
        tensor("b", Notation("b", args=(0,)), (1, m_)),
        tensor("y", Notation("y", args=(0,)), (1, m_)),
        channels("z1", p_, c1),
        channels("C1", p_, c1),
        channels("S1", p_, s1),
        channels("z2", q_, c2),
        channels("C2", q_, c2),
        channels("S2", q_, a_),
        tensor("f", Notation("f", args=(0,)), (1, long)),
        tensor("z", Notation("z", args=(0,)), (1, m_)),
        tensor("yhat", Notation(r"\hat{y}", args=(0,)), (1, m_)),
        tensor("L", Notation("L")),
    )
    return Model(
        name="zhang_like",
        tensors=tensors,
        equations=(
            _convolution("z1", "I", "k1", "b1", tensors, Index.of(0)),
            _elementwise("C1", "z1", tensors),
            _mean_pool("S1", "C1", tensors),
            _convolution("z2", "S1", "k2", "b2", tensors, Index.of(k_)),
            _elementwise("C2", "z2", tensors),
            _mean_pool("S2", "C2", tensors),
            _flatten("f", "S2", tensors),
            _dense("z", "W", "f", "b", tensors),
            _elementwise("yhat", "z", tensors),
            _half_squared_error("L", "yhat", "y", tensors),
        ),
        inputs=("I", "y"),
        parameters=("k1", "b1", "k2", "b2", "W", "b"),
        loss="L",
        sizes={p_: P, q_: Q, a_: A, k_: K, m_: M},
        functions={r"\sigma": "logistic"},
    )


def _axes(name: str, letters: str, tensors: Mapping[str, Tensor]) -> tuple[Axis, ...]:
    return tuple(axis(c, *r) for c, r in zip(letters, tensors[name].ranges, strict=True))


def _letters(name: str, tensors: Mapping[str, Tensor]) -> str:
    """``pij`` in the first layer, ``qij`` in the second, ``i`` for a vector."""
    return "i" if tensors[name].rank == 1 else "qij" if name.endswith("2") else "pij"


def _convolution(
    out: str, image: str, kernel: str, bias: str, tensors: Mapping[str, Tensor], shift: Index
) -> Equation:
    """``out[c,i,j] = sum_{(p,)u,v} image[(p,)i-u+s, j-v+s] kernel[(p,)c,u,v] + bias[c]``."""
    c, i, j = _axes(out, _letters(out, tensors), tensors)
    u, v = (axis(n, *r) for n, r in zip("uv", tensors[kernel].ranges[-2:], strict=True))
    inner = tuple(axis("p", *r) for r in tensors[image].ranges[:-2])
    kernel_access = at(kernel, *inner, c, u, v)
    image_access = at(image, *inner, Index.of(i) - u + shift, Index.of(j) - v + shift)
    total = Summation((*inner, u, v), product(image_access, kernel_access))
    return Equation(out, (c, i, j), add(total, at(bias, c)))


def _elementwise(out: str, source: str, tensors: Mapping[str, Tensor]) -> Equation:
    axes = _axes(out, _letters(out, tensors), tensors)
    return Equation(out, axes, logistic(at(source, *axes)))


def _mean_pool(out: str, source: str, tensors: Mapping[str, Tensor]) -> Equation:
    c, i, j = _axes(out, _letters(out, tensors), tensors)
    u, v = axis("u", 0, 1), axis("v", 0, 1)
    window = at(source, c, 2 * Index.of(i) - u, 2 * Index.of(j) - v)
    return Equation(out, (c, i, j), product(number("1/4"), Summation((u, v), window)))


def _flatten(out: str, source: str, tensors: Mapping[str, Tensor]) -> Equation:
    (m,) = _axes(out, "m", tensors)
    q, i, j = _axes(source, "qij", tensors)
    side = tensors[source].extents[1]
    place = side * side * (Index.of(q) - 1) + side * (Index.of(j) - 1) + i
    return Equation(out, (m,), Summation((q, i, j), product(Delta(m - place), at(source, q, i, j))))


def _dense(
    out: str, weight: str, source: str, bias: str, tensors: Mapping[str, Tensor]
) -> Equation:
    (i,) = _axes(out, "i", tensors)
    (j,) = _axes(source, "j", tensors)
    total = Summation((j,), product(at(weight, i, j), at(source, j)))
    return Equation(out, (i,), add(total, at(bias, i)))


def _half_squared_error(
    out: str, source: str, target: str, tensors: Mapping[str, Tensor]
) -> Equation:
    (i,) = _axes(source, "i", tensors)
    error = add(at(source, i), negative(at(target, i)))
    return Equation(out, (), product(number("1/2"), Summation((i,), power(error, 2))))


def correlation_relu(stride: int = 2, dilation: int = 1, kernel: int = 3, out: int = 3) -> Model:
    """A strided, dilated, 0-based correlation with ReLU and no loss; ``R`` is the output.

    ``z[i] = sum_u X[stride*i + dilation*u] w[u] + c``, ``R[i] = relu(z[i])``, ``i = 0..out-1``.
    """
    last = stride * (out - 1) + dilation * (kernel - 1)
    tensors = named(
        tensor("X", Notation("X", args=(0,), bracket="["), (0, last)),
        tensor("w", Notation("w", sub=(0,)), (0, kernel - 1)),
        tensor("c", Notation("c")),
        tensor("z", Notation("z", sub=(0,)), (0, out - 1)),
        tensor("R", Notation("R", sub=(0,)), (0, out - 1)),
    )
    i, k, u = axis("i", 0, out - 1), axis("i", 0, out - 1), axis("u", 0, kernel - 1)
    window = at("X", stride * Index.of(i) + dilation * Index.of(u))
    z = add(Summation((u,), product(window, at("w", u))), at("c"))
    return Model(
        name="correlation_relu",
        tensors=tensors,
        equations=(Equation("z", (i,), z), Equation("R", (k,), Apply("relu", (at("z", k),)))),
        inputs=("X",),
        parameters=("w", "c"),
    )


def padded_softplus(n: int = 5, pad: int = 1) -> Model:
    """A zero-padded correlation, guards before each read; the loss is a mean of softplus.

    ``d[i] = sum_{u=-pad..pad} [1 <= i+u <= n] x[i+u] g[u]``, ``L = 1/n sum_i softplus(d[i])``.
    """
    size = Size("n")
    tensors = named(
        tensor("x", Notation("x", sub=(0,)), (1, size)),
        tensor("g", Notation("g", sub=(0,)), (-pad, pad)),
        tensor("d", Notation("d", sub=(0,)), (1, size)),
        tensor("L", Notation(r"\mathcal{L}")),
    )
    i, k, u = axis("i", 1, size), axis("i", 1, size), axis("u", -pad, pad)
    place = Index.of(i) + u
    guards = (Guard(place - 1), Guard(size - place))
    d = Summation((u,), product(*guards, at("x", place), at("g", u)))
    soft = Summation((k,), Apply("softplus", (at("d", k),)))
    return Model(
        name="padded_softplus",
        tensors=tensors,
        equations=(
            Equation("d", (i,), d),
            Equation("L", (), quotient(soft, Value(Index.of(size)))),
        ),
        inputs=("x",),
        parameters=("g",),
        loss="L",
        sizes={size: n},
    )
