"""Small models of the usual layers, with gradients by hand: right ones, and slips people make.

Every function makes fresh axes. The formulas are those of textbooks, derived here by hand; extents
are unequal, so that no slip vanishes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from derive.equations import Equation, Model, Notation, adjoint_name
from derive.expr import (
    ONE,
    Apply,
    Delta,
    Expr,
    Product,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    substitute,
)
from derive.index import Axis, Index, axis
from derive.maximum import maximum
from tests.models import at, named, tensor
from verify.compare import Identity


@dataclass(frozen=True)
class Layer:
    """A model and right sides for adjoints: ``right`` ones, and ``wrong`` ones by what is wrong."""

    model: Model
    right: Mapping[str, Identity]
    wrong: Mapping[str, Identity]


def model(
    name: str,
    shapes: Mapping[str, tuple[int, ...]],
    equations: Iterable[Equation],
    inputs: tuple[str, ...],
    parameters: tuple[str, ...] = (),
    loss: str | None = None,
) -> Model:
    """A model whose ranges all start at 1."""
    bounds = {n: [(1, length) for length in shape] for n, shape in shapes.items()}
    tensors = named(*(tensor(n, Notation(n), *b) for n, b in bounds.items()))
    return Model(name, tensors, tuple(equations), inputs, parameters, loss)


def claim(target: str, axes: tuple[Axis, ...], right: Expr) -> Identity:
    """``dL/dtarget[axes] = right``."""
    return Identity(axes, d(target, *axes), right)


def d(name: str, *indices: Axis | Index | int) -> Expr:
    """An element of an adjoint."""
    return at(adjoint_name(name), *indices)


def minus(a: Expr, b: Expr) -> Expr:
    return add(a, negative(b))


def f(function: str, *arguments: Expr) -> Expr:
    return Apply(function, arguments)


def total(a: Axis, body: Expr) -> Expr:
    return Summation((a,), body)


def softmax(n: int = 4) -> Layer:
    """``p_i = exp(z_i) / sum_j exp(z_j)``, ``L = -sum_i y_i ln p_i``."""
    i, j, k = axis("i", 1, n), axis("j", 1, n), axis("k", 1, n)
    exponentials = total(j, f("exp", at("z", j)))
    equations = (
        Equation("p", (i,), quotient(f("exp", at("z", i)), exponentials)),
        Equation("L", (), negative(total(k, product(at("y", k), f("log", at("p", k)))))),
    )
    shapes = {"z": (n,), "y": (n,), "p": (n,), "L": ()}
    delta = Delta(Index.of(i) - k)
    sums = total(k, product(at("y", k), minus(delta, at("p", i))))
    mixed = total(k, product(d("p", k), at("p", k)))
    targets = total(k, at("y", k))
    return Layer(
        model("softmax", shapes, equations, ("y",), ("z",), "L"),
        {
            "y_k (delta - p)": claim("z", (i,), negative(sums)),
            "p sum y - y": claim("z", (i,), minus(product(at("p", i), targets), at("y", i))),
            "Jacobian": claim("z", (i,), product(at("p", i), minus(d("p", i), mixed))),
            "cross entropy": claim("p", (i,), negative(quotient(at("y", i), at("p", i)))),
        },
        {
            "p - y without sum y = 1": claim("z", (i,), minus(at("p", i), at("y", i))),
            "sign": claim("z", (i,), sums),
            "diagonal only": claim(
                "z", (i,), product(d("p", i), at("p", i), minus(ONE, at("p", i)))
            ),
            "y/p without sign": claim("p", (i,), quotient(at("y", i), at("p", i))),
        },
    )


def dense(function: str, slope: Callable[[Expr], Expr], m: int = 3, n: int = 2) -> Layer:
    """``z = W x + b``, ``a = function(z)``, no loss; ``slope`` is written through what it likes."""
    i, j = axis("i", 1, m), axis("j", 1, n)
    z = add(total(j, product(at("W", i, j), at("x", j))), at("b", i))
    equations = (Equation("z", (i,), z), Equation("a", (i,), f(function, at("z", i))))
    shapes = {"W": (m, n), "x": (n,), "b": (m,), "z": (m,), "a": (m,)}
    back = product(d("a", i), slope(at("z", i)))
    columns = total(i, product(d("z", i), at("W", i, j)))
    return Layer(
        model(f"dense {function}", shapes, equations, ("x",), ("W", "b")),
        {
            "activation": claim("z", (i,), back),
            "weights": claim("W", (i, j), product(back, at("x", j))),
            "input": claim("x", (j,), columns),
        },
        {
            "slope missing": claim("z", (i,), d("a", i)),
            "twice": claim("z", (i,), product(number(2), back)),
            "input missing": claim("W", (i, j), back),
            "sum missing": claim("x", (j,), product(d("z", 1), at("W", 1, j))),
            "sign": claim("x", (j,), negative(columns)),
        },
    )


def layer_norm(n: int = 3, m: int = 4) -> Layer:
    """``v = mean (x - mean x)^2``, ``s = sqrt(v + eps)``, ``h = (x - mean x)/s``, row by row."""
    a, i, j = axis("a", 1, n), axis("i", 1, m), axis("j", 1, m)
    share = number(f"1/{m}")
    centred = minus(at("x", a, i), at("u", a))
    variance = product(share, total(i, power(minus(at("x", a, i), at("u", a)), 2)))
    equations = (
        Equation("u", (a,), product(share, total(j, at("x", a, j)))),
        Equation("v", (a,), variance),
        Equation("s", (a,), f("sqrt", add(at("v", a), number("1/1000")))),
        Equation("h", (a, i), quotient(centred, at("s", a))),
    )
    shapes = {"x": (n, m), "u": (n,), "v": (n,), "s": (n,), "h": (n, m)}
    mean = product(share, total(j, d("h", a, j)))
    slope = product(share, total(j, product(d("h", a, j), at("h", a, j))))
    inside = add(d("h", a, i), negative(mean), negative(product(at("h", a, i), slope)))
    centred_sum = total(i, product(d("h", a, i), centred))
    broken = f("pow", add(at("v", a), number("1/1000")), number("-3/2"))
    half = number("-1/2")
    squared = quotient(ONE, add(at("v", a), number("1/1000")))
    lines = minus(d("h", a, i), mean)
    return Layer(
        model("layer norm", shapes, equations, ("x",)),
        {
            "Ba, Kiros and Hinton": claim("x", (a, i), quotient(inside, at("s", a))),
            "power -3/2": claim("v", (a,), product(half, centred_sum, broken)),
            "s^2 = v + eps": claim(
                "v", (a,), product(half, centred_sum, squared, power(at("s", a), -1))
            ),
        },
        {
            "last term forgotten": claim("x", (a, i), quotient(lines, at("s", a))),
            "power -1/2": claim(
                "v",
                (a,),
                product(half, centred_sum, f("pow", at("v", a), number("-1/2"))),
            ),
            "eps forgotten": claim(
                "v",
                (a,),
                product(half, centred_sum, f("pow", at("v", a), number("-3/2"))),
            ),
        },
    )


def attention(n: int = 2, m: int = 3, width: int = 3, out: int = 2) -> Layer:
    """``s = q k^T / sqrt(width)``, ``A = softmax of rows``, ``o = A v``."""
    i, j, k, h = (axis(c, 1, e) for c, e in zip("ijkm", (n, m, m, m), strict=True))
    c, e = axis("c", 1, width), axis("e", 1, out)
    root = f("sqrt", number(width))
    scores = quotient(total(c, product(at("q", i, c), at("k", j, c))), root)
    weights = quotient(f("exp", at("s", i, j)), total(h, f("exp", at("s", i, h))))
    equations = (
        Equation("s", (i, j), scores),
        Equation("A", (i, j), weights),
        Equation("o", (i, e), total(j, product(at("A", i, j), at("v", j, e)))),
    )
    shapes = {"q": (n, width), "k": (m, width), "v": (m, out), "s": (n, m), "A": (n, m)}
    mixed = total(k, product(d("A", i, k), at("A", i, k)))
    shifted = f("exp", minus(at("s", i, j), at("s", i, 1)))
    shifts = total(h, f("exp", minus(at("s", i, h), at("s", i, 1))))
    queries = total(j, product(d("s", i, j), at("k", j, c)))
    return Layer(
        model("attention", {**shapes, "o": (n, out)}, equations, ("q", "k", "v")),
        {
            "scores": claim("s", (i, j), product(at("A", i, j), minus(d("A", i, j), mixed))),
            "values": claim("v", (j, e), total(i, product(at("A", i, j), d("o", i, e)))),
            "queries": claim("q", (i, c), quotient(queries, root)),
            "root times root": claim("q", (i, c), product(number(f"1/{width}"), root, queries)),
            "shifted exponents": Identity((i, j), at("A", i, j), quotient(shifted, shifts)),
        },
        {
            "scale forgotten": claim("q", (i, c), queries),
            "sum over rows": claim(
                "s",
                (i, j),
                product(at("A", i, j), minus(d("A", i, j), product(d("A", 1, j), at("A", 1, j)))),
            ),
            "transposed": claim("v", (j, e), total(i, product(at("A", i, 1), d("o", i, e)))),
            "shift of one only": Identity(
                (i, j), at("A", i, j), quotient(f("exp", at("s", i, j)), shifts)
            ),
        },
    )


def rectified(n: int = 5) -> Layer:
    """``r = relu(z)``, ``L = 1/2 sum (r - y)^2 + z^2``."""
    i, k = axis("i", 1, n), axis("k", 1, n)
    squares = add(power(minus(at("r", k), at("y", k)), 2), power(at("z", k), 2))
    equations = (
        Equation("r", (i,), f("relu", at("z", i))),
        Equation("L", (), product(number("1/2"), total(k, squares))),
    )
    mask = f("step", at("z", i))
    shapes = {"z": (n,), "y": (n,), "r": (n,), "L": ()}
    masked = add(product(d("r", i), mask), at("z", i))
    return Layer(
        model("relu", shapes, equations, ("y",), ("z",), "L"),
        {
            "mask": claim("z", (i,), masked),
            "mask of the other sign": claim(
                "z",
                (i,),
                add(product(d("r", i), minus(ONE, f("step", negative(at("z", i))))), at("z", i)),
            ),
            "mask of the output": claim(
                "z", (i,), add(product(d("r", i), f("step", at("r", i))), at("z", i))
            ),
            "mask is idempotent": claim(
                "z", (i,), add(at("r", i), negative(product(mask, at("y", i))), at("z", i))
            ),
        },
        {
            "mask forgotten": claim("z", (i,), add(d("r", i), at("z", i))),
            "mask turned": claim("z", (i,), add(product(d("r", i), minus(ONE, mask)), at("z", i))),
            "only the mask": claim("z", (i,), add(mask, at("z", i))),
        },
    )


def max_pooling(n: int = 3) -> Layer:
    """``q_i = max over u of x[2 i + u - 2]``, u = 1, 2, 3, windows overlap; no loss."""
    i, u = axis("i", 1, n), axis("u", 1, 3)
    place = 2 * Index.of(i) + u - 2
    best = maximum((u,), at("x", place))
    assert isinstance(best, Summation)
    assert isinstance(best.body, Product)
    (inner,) = best.axes
    j, o = axis("j", 1, 2 * n + 1), axis("o", 1, n)
    mask = substitute(best.body.factors[0], {i: Index.of(o)})
    hit = Delta(2 * Index.of(o) + inner - 2 - j)
    back = Summation((o, inner), product(hit, mask, d("q", o)))
    return Layer(
        model("max", {"x": (2 * n + 1,), "q": (n,)}, (Equation("q", (i,), best),), ("x",)),
        {"winner takes all": claim("x", (j,), back)},
        {
            "mask forgotten": claim("x", (j,), Summation((o, inner), product(hit, d("q", o)))),
            "mean instead": claim(
                "x", (j,), product(number("1/3"), Summation((o, inner), product(hit, d("q", o))))
            ),
        },
    )


def picked(n: int = 3) -> Layer:
    """``L = 1/2 sum (y z - y)^2``; ``right`` for one-hot y only, the first for any bits."""
    i, k = axis("i", 1, n), axis("k", 1, n)
    error = minus(product(at("y", k), at("z", k)), at("y", k))
    loss = product(number("1/2"), total(k, power(error, 2)))
    chosen = total(k, product(at("y", k), at("z", k)))
    shapes = {"y": (n,), "z": (n,), "L": ()}
    return Layer(
        model("picked", shapes, (Equation("L", (), loss),), ("y",), ("z",), "L"),
        {
            "y^2 = y": claim("z", (i,), product(at("y", i), minus(at("z", i), ONE))),
            "sum y z": claim("z", (i,), product(at("y", i), minus(chosen, ONE))),
        },
        {},
    )
