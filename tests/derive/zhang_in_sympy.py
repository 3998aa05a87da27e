"""Zhang's network written in Python with SymPy, as somebody would who never writes a sheet."""

from __future__ import annotations

from fractions import Fraction

from sympy import IndexedBase, KroneckerDelta, Rational, Sum, symbols

from derive.equations import Model
from derive.learning import Batch, Update
from derive.slides import function, scalar, slide, sympy_model


def zhang_in_sympy() -> Model:
    """The same network as the sheet ``zhang``, sizes and names included."""
    p, q, i, j, u, v, m = symbols("p q i j u v m", integer=True)
    P, Q, K, s, N = symbols("P Q K s N_2", integer=True, positive=True)
    a1, c1, a2, c2 = symbols("a_1 c_1 a_2 c_2", integer=True, nonnegative=True)
    image, k1, b1, z1, C1, S1 = (IndexedBase(n) for n in ("I", "k1", "b1", "z1", "C1", "S1"))
    k2, b2, z2, C2, S2, f = (IndexedBase(n) for n in ("k2", "b2", "z2", "C2", "S2", "f"))
    W, b, z, yhat, y = (IndexedBase(n) for n in ("W", "b", "z", "yhat", "y"))
    sigma = function("logistic")
    n2 = s * N
    n1 = n2 + a2 + c2
    one, two = (p, 1, P), (q, 1, Q)
    in_c1 = (one, (i, 1, s * n1), (j, 1, s * n1))
    in_s1 = (one, (i, 1, n1), (j, 1, n1))
    in_c2 = (two, (i, 1, n2), (j, 1, n2))
    in_s2 = (two, (i, 1, N), (j, 1, N))
    first = ((u, -a1, c1), (v, -a1, c1))
    second = ((p, 1, P), (u, -a2, c2), (v, -a2, c2))
    window = ((u, 0, s - 1), (v, 0, s - 1))
    place = N * N * (q - 1) + N * (j - 1) + i
    return sympy_model(
        "zhang",
        [
            slide(z1[p, i, j], Sum(image[i - u, j - v] * k1[p, u, v], *first) + b1[p], *in_c1),
            slide(C1[p, i, j], sigma(z1[p, i, j]), *in_c1),
            slide(S1[p, i, j], Sum(C1[p, s * i - u, s * j - v], *window) / s**2, *in_s1),
            slide(z2[q, i, j], Sum(S1[p, i - u, j - v] * k2[p, q, u, v], *second) + b2[q], *in_c2),
            slide(C2[q, i, j], sigma(z2[q, i, j]), *in_c2),
            slide(S2[q, i, j], Sum(C2[q, s * i - u, s * j - v], *window) / s**2, *in_s2),
            slide(f[m], Sum(KroneckerDelta(m, place) * S2[q, i, j], *in_s2), (m, 1, Q * N**2)),
            slide(z[i], Sum(W[i, j] * f[j], (j, 1, Q * N**2)) + b[i], (i, 1, K)),
            slide(yhat[i], sigma(z[i]), (i, 1, K)),
            slide(scalar("L"), Rational(1, 2) * Sum((yhat[i] - y[i]) ** 2, (i, 1, K))),
        ],
        inputs=["I", "y"],
        loss="L",
        sizes={"P": 6, "Q": 12, "K": 10, "s": 2, "a_1": 2, "c_1": 2, "a_2": 2, "c_2": 2, "N_2": 4},
        batch=Batch("n", ("I", "y"), "sum"),
        update=Update("sgd", {"eta": Fraction(1, 2)}),
    )
