"""What takes long is computed once, in the function where it is needed first."""

from __future__ import annotations

from collections import Counter

from derive.pipeline import load_model
from derive.plan import Plan, plan_inside
from derive.planning.arrays import Map, walk
from derive.planning.sharing import SLOW


def functions(plan: Plan) -> Counter[str]:
    """How often each slow function is called."""
    steps = (*plan.predict, *plan.score, *plan.backward)
    nodes = (node for step in steps for s in step.statements for node in walk(s.value))
    return Counter(n.function for n in nodes if isinstance(n, Map) and n.function in SLOW)


def test_the_exponentials_of_a_softmax_are_summed_divided_and_met_again() -> None:
    assert functions(plan_inside(load_model("cnn-softmax"))) == {"exp": 1, "log": 1, "logistic": 2}


def test_what_differs_stays_apart() -> None:
    assert functions(plan_inside(load_model("zhang")))["logistic"] == 3
