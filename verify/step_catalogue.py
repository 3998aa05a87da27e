r"""Update rules as the literature has them: the forms that a deck's formulas are compared with.

`derive.optimisers` says what is emitted; here stand the ways in which the same rules are written,
for a parameter and for what is kept beside it, with whatever signs their authors chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from derive.expr import Expr
from derive.reading.declare import single
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_FUNCTIONS
from derive.reading.iteration import OTHER, OWN
from derive.reading.lexicon import Lexicon
from derive.reading.scope import STANDARD_OPERATORS, Scope, with_scalar

ROLES = {"S": OWN, "R": "before", "G": "slope", "V": OTHER[0], "U": OTHER[1]}
NUMBERS = "abcm"


@dataclass(frozen=True)
class Rule:
    """One step: S is what changes, R it one step earlier, G the gradient, V and U other quantities.

    Small letters are numbers. ``sign`` says of a velocity that it points downhill (1) or uphill
    (-1), and of a step that it follows such a one; 0 where there is none. Where nothing says what V
    is, a step of ``usual`` quantities is taken for what it is called.
    """

    title: str
    latex: str
    sign: int = 0
    usual: bool = False


PARAMETERS = (
    Rule("gradient descent", r"S - a G"),
    Rule("gradient descent with rate 1", r"S - G"),
    Rule("a step by a velocity that points downhill", "S + V", 1),
    Rule("a step by a velocity that points uphill", "S - V", -1),
    Rule("a step by a velocity that points uphill", "S - a V", -1),
    Rule("a step by a velocity that points downhill", "S + a V", 1),
    Rule("gradient descent with weight decay", r"S - a (G + b S)"),
    Rule("gradient descent with decoupled weight decay", r"S - a G - b S"),
    Rule("gradient descent with momentum", r"S + m (S - R) - a G"),
    Rule("gradient descent with averaged momentum", r"S + m (S - R) - (1 - m) a G"),
    Rule("AdaGrad or RMSProp", r"S - \frac{a G}{\sqrt{V} + c}"),
    Rule("AdaGrad or RMSProp, epsilon under the root", r"S - \frac{a G}{\sqrt{V + c}}"),
    Rule("AdaGrad or RMSProp without epsilon", r"S - \frac{a G}{\sqrt{V}}"),
    Rule("Adam", r"S - \frac{a V}{\sqrt{U} + c}", -1, usual=True),
    Rule("Adam", r"S - \frac{a U}{\sqrt{V} + c}"),
    Rule("Adam, epsilon under the root", r"S - \frac{a V}{\sqrt{U + c}}", -1, usual=True),
    Rule("Adam", r"S + \frac{a V}{\sqrt{U} + c}", 1),
    Rule("AdamW", r"S - a (\frac{V}{\sqrt{U} + c} + b S)", -1, usual=True),
    Rule("AdamW", r"S - m (\frac{a V}{\sqrt{U} + c} + b S)", -1, usual=True),
    Rule("AdamW", r"S - \frac{a V}{\sqrt{U} + c} - b S", -1, usual=True),
)
"""What parameters do, the commonest first."""

STATES = (
    Rule("a velocity that points downhill", "m S - a G", 1),
    Rule("a velocity that points uphill", "m S + a G", -1),
    Rule("a velocity that points uphill", "m S + G", -1),
    Rule("a velocity that points downhill", "m S - G", 1),
    Rule("an average of gradients", "m S + (1 - m) G", -1),
    Rule("an average of gradients, downhill", "m S - (1 - m) G", 1),
    Rule("a velocity that points downhill", "m S - (1 - m) a G", 1),
    Rule("a velocity that points uphill", "m S + (1 - m) a G", -1),
    Rule("a velocity with weight decay that points uphill", "m S + a (G + b V)", -1),
    Rule("a velocity with weight decay that points downhill", "m S - a (G + b V)", 1),
    Rule("an average of squared gradients", "m S + (1 - m) G^2"),
    Rule("a sum of squared gradients", "S + G^2"),
)
"""What is kept beside parameters, by its own old value and the gradient."""


@cache
def template(latex: str) -> Expr:
    """A rule as an expression in its letters."""
    scope = Scope(Lexicon(), functions=dict(STANDARD_FUNCTIONS), operators=dict(STANDARD_OPERATORS))
    for letter in (*ROLES, *NUMBERS):
        scope = with_scalar(scope, letter, letter)
    return elaborate(single(latex), scope).body
