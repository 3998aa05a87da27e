r"""Update rules as equations: what one step does to every entry of a parameter.

The core language again, with tensors of rank 0 and assignments in order: ``theta`` is the
parameter, ``g`` its gradient, the ``state`` starts at zero, the rest are hyperparameters.
``v \leftarrow \mu v - \eta g`` is ``Equation("v", (), mu v - eta g)``: the right side reads the old
value, every later equation the new one.

Bias correction and the place of epsilon are those of the cited papers: Adam divides by
``1 - beta^t`` and adds epsilon to the root; AdaDelta adds it under both roots; AdaGrad's delta
stands beside the root. The lecture on RMSProp has no epsilon; it stands beside the root, where
PyTorch has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from derive.equations import Equation, Model, Notation, Tensor
from derive.errors import Problem
from derive.expr import ONE, Access, Apply, Expr, add, negative, power, product, quotient
from derive.latex import latex
from derive.learning import Update

PARAMETER, GRADIENT, COUNTER = "theta", "g", "t"


@dataclass(frozen=True)
class Optimiser:
    """One update rule.

    ``steps`` are carried out in order; ``state`` is kept for every parameter, and where a step
    changes `COUNTER`, the number of steps done. ``hyper`` has usual defaults; ``source`` cites the
    rule.
    """

    name: str
    title: str
    steps: tuple[Equation, ...]
    hyper: Mapping[str, Fraction]
    source: str
    state: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the rule depends on the number of steps."""
        return any(step.tensor == COUNTER for step in self.steps)


def _read(name: str) -> Access:
    return Access(name, ())


def _set(name: str, value: Expr) -> Equation:
    return Equation(name, (), value)


def _minus(*terms: Expr) -> Expr:
    first, *rest = terms
    return add(first, *map(negative, rest))


def _mean(old: Expr, new: Expr, share: Expr) -> Expr:
    """``share * old + (1 - share) * new``: an average that forgets exponentially."""
    return add(product(share, old), product(_minus(ONE, share), new))


def _root(value: Expr) -> Expr:
    return Apply("sqrt", (value,))


THETA, G, T = _read(PARAMETER), _read(GRADIENT), _read(COUNTER)
V, M, S, D = _read("v"), _read("m"), _read("s"), _read("d")
ETA, MU, ALPHA, RHO, EPSILON = map(_read, ("eta", "mu", "alpha", "rho", "epsilon"))
DECAY = _read("decay")
BETA1, BETA2 = _read("beta1"), _read("beta2")
SQUARE = power(G, 2)

_DESCENT = (_set(PARAMETER, _minus(THETA, product(ETA, G))),)
_BY_VELOCITY = _set(PARAMETER, add(THETA, V))
_COUNT = _set(COUNTER, add(T, ONE))


def _scaled_step(slope: Expr, size: Expr) -> Equation:
    """``theta - eta slope / (sqrt(size) + epsilon)``."""
    step = quotient(product(ETA, slope), add(_root(size), EPSILON))
    return _set(PARAMETER, _minus(THETA, step))


def _corrected(name: str, moment: Expr, beta: Expr) -> Equation:
    return _set(name, quotient(moment, _minus(ONE, power(beta, T))))


_TABLE = (
    Optimiser(
        "gd",
        "gradient descent",
        _DESCENT,
        {"eta": Fraction(1, 100)},
        "Cauchy 1847, Méthode générale pour la résolution des systèmes d'équations simultanées",
    ),
    Optimiser(
        "sgd",
        "stochastic gradient descent",
        _DESCENT,
        {"eta": Fraction(1, 100)},
        "Robbins and Monro 1951, A stochastic approximation method",
    ),
    Optimiser(
        "momentum",
        "gradient descent with momentum",
        (_set("v", _minus(product(MU, V), product(ETA, G))), _BY_VELOCITY),
        {"eta": Fraction(1, 100), "mu": Fraction(9, 10)},
        "Polyak 1964, as equations (1) and (2) of Sutskever, Martens, Dahl and Hinton 2013",
        ("v",),
    ),
    Optimiser(
        "decayed-momentum",
        "gradient descent with momentum and weight decay",
        (
            _set("v", add(product(MU, V), product(ETA, add(G, product(DECAY, THETA))))),
            _set(PARAMETER, _minus(THETA, V)),
        ),
        # The paper's decay of 1/2000 keeps small networks of logistic functions from learning.
        {"eta": Fraction(1, 100), "mu": Fraction(9, 10), "decay": Fraction(1, 100_000)},
        "Krizhevsky, Sutskever and Hinton 2012, ImageNet classification, section 5",
        ("v",),
    ),
    Optimiser(
        "averaged-momentum",
        "gradient descent with averaged momentum",
        (_set("v", _minus(product(ALPHA, V), product(_minus(ONE, ALPHA), ETA, G))), _BY_VELOCITY),
        {"eta": Fraction(1, 10), "alpha": Fraction(9, 10)},
        "Polyak 1964 with the gradient damped by 1 - alpha, as in Kingma and Ba 2015",
        ("v",),
    ),
    Optimiser(
        "adagrad",
        "AdaGrad",
        (_set("s", add(S, SQUARE)), _scaled_step(G, S)),
        {"eta": Fraction(1, 100), "epsilon": Fraction(1, 10**8)},
        "Duchi, Hazan and Singer 2011, Adaptive subgradient methods, figure 1 with diagonal H",
        ("s",),
    ),
    Optimiser(
        "adadelta",
        "AdaDelta",
        (
            _set("s", _mean(S, SQUARE, RHO)),
            _set(
                "delta",
                negative(product(quotient(_root(add(D, EPSILON)), _root(add(S, EPSILON))), G)),
            ),
            _set("d", _mean(D, power(_read("delta"), 2), RHO)),
            _set(PARAMETER, add(THETA, _read("delta"))),
        ),
        {"rho": Fraction(95, 100), "epsilon": Fraction(1, 10**6)},
        "Zeiler 2012, ADADELTA: an adaptive learning rate method, algorithm 1",
        ("s", "d"),
    ),
    Optimiser(
        "rmsprop",
        "RMSProp",
        (_set("s", _mean(S, SQUARE, RHO)), _scaled_step(G, S)),
        {"eta": Fraction(1, 1000), "rho": Fraction(9, 10), "epsilon": Fraction(1, 10**8)},
        "Tieleman and Hinton 2012, Neural networks for machine learning, lecture 6.5",
        ("s",),
    ),
    Optimiser(
        "adam",
        "Adam",
        (
            _COUNT,
            _set("m", _mean(M, G, BETA1)),
            _set("v", _mean(V, SQUARE, BETA2)),
            _corrected("mhat", M, BETA1),
            _corrected("vhat", V, BETA2),
            _scaled_step(_read("mhat"), _read("vhat")),
        ),
        {
            "eta": Fraction(1, 1000),
            "beta1": Fraction(9, 10),
            "beta2": Fraction(999, 1000),
            "epsilon": Fraction(1, 10**8),
        },
        "Kingma and Ba 2015, Adam: a method for stochastic optimization, algorithm 1",
        ("m", "v"),
    ),
)

OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType({entry.name: entry for entry in _TABLE})

SYMBOLS: Mapping[str, Notation] = MappingProxyType(
    {
        **{name: Notation(name) for name in ("g", "t", "v", "m", "s", "d")},
        **{name: Notation("\\" + name) for name in ("theta", "eta", "mu", "alpha", "rho")},
        "epsilon": Notation(r"\epsilon"),
        "beta1": Notation(r"\beta", sub=("1",)),
        "beta2": Notation(r"\beta", sub=("2",)),
        "mhat": Notation(r"\hat{m}"),
        "vhat": Notation(r"\hat{v}"),
        "decay": Notation(r"\lambda"),
        "delta": Notation(r"\Delta"),
    }
)
"""How the catalogue's symbols are printed."""

_PAGE = Model("optimisers", {n: Tensor(n, (), s) for n, s in SYMBOLS.items()}, (), (), ())


def optimiser(name: str) -> Optimiser:
    """The rule of this name. Raises `Problem` for one that the catalogue does not have."""
    if name not in OPTIMISERS:
        raise Problem(
            f"there is no update rule {name!r}", expected=f"one of {', '.join(OPTIMISERS)}"
        )
    return OPTIMISERS[name]


def with_update(model: Model, rule: str) -> Model:
    """The model with another update rule at its usual numbers; as it is where it has this one."""
    if model.update is not None and model.update.rule == rule:
        return model
    return replace(model, update=Update(optimiser(rule).name))


def symbol_latex(name: str) -> str:
    """How a symbol of the catalogue is printed."""
    return latex(_read(name), _PAGE)


def step_latex(step: Equation) -> str:
    r"""``v \leftarrow \mu v - \eta g``."""
    return rf"{latex(step.lhs, _PAGE)} \leftarrow {latex(step.rhs, _PAGE)}"


def optimiser_latex(rule: Optimiser) -> tuple[str, ...]:
    """The steps of a rule, in order, as LaTeX."""
    return tuple(step_latex(step) for step in rule.steps)
