"""Plans say what they cost, and choose by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.equations import Equation, Model, Notation, Tensor
from derive.expr import (
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Summation,
    Value,
    add,
    product,
    rewrite,
)
from derive.index import Axis, Index, axis
from derive.learning import Batch
from derive.plan import Plan
from derive.plan import plan_inside as plan
from derive.planning.arrays import Array, MatMul, walk
from derive.planning.windows import AddedWindows, WindowSum
from tests.derive.emitted import draw, largest, module_of, reference, whole
from tests.models import at, zhang_like
from tests.strategies import Layer, Network, Slide, model_of


@pytest.fixture(scope="module")
def zhang() -> Plan:
    return plan(replace(zhang_like(), batch=Batch("n", ("I", "y"), "sum")))


def arrays(made: Plan, tensor: str) -> list[Array]:
    """All array operations of one step."""
    steps = (*made.predict, *made.score, *made.backward)
    (step,) = (s for s in steps if s.tensor == tensor)
    return [node for s in step.statements for node in walk(s.value)]


def test_the_plan_prints_flops_and_the_largest_array_of_each_step(zhang: Plan) -> None:
    lines = str(zhang).splitlines()
    assert lines[0] == "forward:"
    (z1,) = (line for line in lines if line.split()[0] == "z1")
    # 2 * 25 * 6 * 24 * 24 for the products, 6 * 24 * 24 for the biases
    assert "176256*batch flops" in z1
    assert "largest z1_flat (24, 6, 24*batch)" in z1


def test_convolutions_and_dense_layers_are_matrix_products(zhang: Plan) -> None:
    for tensor in ("z1", "z2", "z", "∂k1", "∂k2", "∂W", "∂S1", "∂f"):
        assert any(isinstance(a, MatMul) for a in arrays(zhang, tensor)), tensor


def test_pooling_is_sums_over_windows_and_their_gradient_is_shared_out(zhang: Plan) -> None:
    assert any(isinstance(a, WindowSum) for a in arrays(zhang, "S1"))
    assert zhang.model.loss == "L"
    assert "∂I" not in {s.tensor for s in zhang.backward}, "a dead gradient"


def test_the_columns_of_the_forward_pass_are_used_again(zhang: Plan) -> None:
    made = [s.target.name for step in zhang.backward for s in step.statements]
    assert all(name.startswith("d") for name in made if "_columns" in name), "adjoints' alone"


@pytest.mark.parametrize(("maps", "out", "scatters"), [(6, 12, True), (12, 2, False)])
def test_the_cheaper_form_of_an_input_gradient_is_taken(
    maps: int, out: int, scatters: bool
) -> None:
    def five(channels: int) -> Layer:
        return Layer("convolution", (Slide(5), Slide(5)), channels, "tanh")

    network = Network((16, 16), None, (five(maps), five(out)), 2, False, "squared", "sum", 64, 1)
    found = arrays(plan(model_of(network)), "∂C1")
    assert any(isinstance(a, AddedWindows) for a in found) == scatters


i, j, k = axis("i", 1, 4), axis("j", 1, 4), axis("k", 1, 2)
a, b = axis("a", 0, 1), axis("b", 0, 1)
FORMS: dict[str, tuple[tuple[Axis, ...], Expr]] = {
    "diagonal": ((i,), at("A", i, i)),
    "diagonal beside": ((k,), product(at("A", k, Index.of(k) + 2), at("x", k))),
    "trace": ((), Summation((i,), at("A", i, i))),
    "triangle": ((i,), Summation((j,), product(Guard(Index.of(i) - j), at("A", i, j), at("x", j)))),
    "delta of two running indices": ((i, j), product(Delta(Index.of(i) - j), at("x", i))),
    "index as a number": ((i,), product(Value(Index.of(i) - 3), at("x", i))),
    "number alone": ((i,), Value(Index.of(3))),
    "twice the same tensor": ((i, j), add(product(at("x", i), at("x", j)), at("A", j, i))),
    "three factors": (
        (i,),
        Summation((j,), product(at("A", i, j), at("A", j, i), at("x", j))),
    ),
    "sum of a sum": ((i,), Summation((j,), add(at("A", i, j), at("x", i)))),
    "every second, backwards": ((k,), at("x", 5 - 2 * Index.of(k))),
    "fixed position": ((i,), product(at("A", i, 2), at("x", 3))),
    "dilated window, no kernel": (
        (k,),
        Summation((j,), product(Guard(4 - Index.of(k) - j), at("x", Index.of(k) + j))),
    ),
    "outer function": ((i,), Apply("exp", (Summation((j,), product(at("A", i, j), at("x", j))),))),
    "three running indices in one": (
        (k,),
        Summation(
            (a, b), product(at("x", Index.of(k) + a + b), at("A", Index.of(a) + 1, Index.of(b) + 1))
        ),
    ),
}


def form(name: str) -> Model:
    """``T = FORMS[name]`` over parameters A (4 by 4) and x (4); T is the output."""
    free, rhs = FORMS[name]
    ranges = tuple((a.lo, a.hi) for a in free)
    four = (Index.of(1), Index.of(4))
    tensors = {
        "A": Tensor("A", (four, four), Notation("A", args=(0, 1))),
        "x": Tensor("x", (four,), Notation("x", args=(0,))),
        "T": Tensor("T", ranges, Notation("T", args=tuple(range(len(ranges))))),
    }
    read = tuple(n for n in ("A", "x") if n in Equation("T", free, rhs).reads)
    return Model("form", tensors, (Equation("T", free, rhs),), (), read)


@pytest.mark.parametrize("name", FORMS)
def test_whatever_the_index_form_the_arrays_are_right(name: str) -> None:
    model = form(name)
    complete = whole(model, 1)
    params, inputs = draw(complete)
    tensors, gradients, _ = reference(complete, params, inputs, 0.0)
    module = module_of(model)
    found = module.forward(params, inputs)["T"]
    assert largest(found - tensors["T"]) <= 1e-13 * largest(tensors["T"])
    if model.parameters:
        _, derived = module.loss_and_gradients(params, inputs)
        for parameter, gradient in derived.items():
            exact = gradients[parameter]
            assert gradient.shape == exact.shape
            assert largest(gradient - exact) <= 1e-13 * max(1, largest(exact))


@pytest.mark.long
@pytest.mark.parametrize("name", ["lambda", "xp", "params", "_check", "sum", "I_columns", "batch"])
def test_tensors_named_like_python_code_are_no_trouble(name: str) -> None:
    network = Network(
        (4, 4),
        None,
        (Layer("convolution", (Slide(2), Slide(2)), 2, "relu"),),
        2,
        False,
        "squared",
        "mean",
        2,
        0,
    )
    model = renamed(model_of(network), "k1", name)
    complete = whole(model, 2)
    params, inputs = draw(complete)
    _, exact, _ = reference(complete, params, inputs, 0.0)
    _, found = module_of(model).loss_and_gradients(params, inputs)
    assert largest(found[name] - exact[name]) <= 1e-13 * largest(exact[name])


def renamed(model: Model, old: str, new: str) -> Model:
    """The model with one tensor called differently."""

    def rule(node: Expr) -> Expr:
        return (
            Access(new, node.indices) if isinstance(node, Access) and node.tensor == old else node
        )

    return replace(
        model,
        tensors={
            new if n == old else n: replace(t, name=new if n == old else n)
            for n, t in model.tensors.items()
        },
        equations=tuple(replace(e, rhs=rewrite(e.rhs, rule)) for e in model.equations),
        parameters=tuple(new if n == old else n for n in model.parameters),
    )
