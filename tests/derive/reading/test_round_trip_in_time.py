r"""Recurrences and families of layers, printed element by element, are read again as themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.equations import Equation, Model
from derive.expr import Access
from derive.latex import equation_latex, tensor_latex
from derive.prove import same_model
from derive.reading.sheet import model_from_text

_FEW = settings.default.max_examples
ACTIVATIONS = (r"\tanh", r"\sigma", "")


def printed(model: Model) -> str:
    """The sheet that defines the model; what is given at the beginning has no equation."""
    given_ = {e.rhs.tensor for e in model.equations if _is_given(e) and isinstance(e.rhs, Access)}
    types = {
        tensor_latex(t): " ".join(["tensor", *(f"{lo}..{hi}" for lo, hi in t.ranges)])
        for t in model.tensors.values()
        if t.rank and t.name not in given_
    }
    front = {
        "inputs": [tensor_latex(model.tensors[n]) for n in model.inputs],
        "functions": {r"\sigma": "logistic"},
        "sizes": {s.name: value for s, value in model.sizes.items()},
        "time": {letter: f"{lo}..{hi}" for letter, (lo, hi) in model.clock.items()},
        "types": types,
        "loss": tensor_latex(model.tensors[model.loss or ""]),
    }
    equations = (e for e in model.equations if not _is_given(e))
    displays = (f"$$ {equation_latex(e, model)} $$" for e in equations)
    return "\n\n".join([f"---\n{yaml.safe_dump(front)}---", *displays])


def _is_given(equation: Equation) -> bool:
    """``h_0 = h_0``: what a recurrence begins with is an input or a parameter."""
    begins = not equation.axes or equation.place is not None
    return isinstance(equation.rhs, Access) and begins


@dataclass(frozen=True)
class Recurrent:
    """States in a row, each of the one before; ``steps`` says how far each reads back."""

    activations: tuple[str, ...]
    steps: tuple[int, ...]
    gate: bool
    last: bool

    def sheet(self) -> str:
        names = "hsr"[: len(self.activations)]
        lines = []
        for k, (name, function, back) in enumerate(
            zip(names, self.activations, self.steps, strict=True)
        ):
            below = rf"U_{name} {names[k - 1] if k else 'x'}_t"
            inner = rf"W_{name} {name}_{{t-{back}}} + {below} + b_{name}"
            value = rf"{function}({inner})" if function else inner
            if self.gate and k == 0:
                value = rf"g_t \odot {value}" if function else rf"g_t \odot ({value})"
            lines.append(rf"$$ {name}_t = {value}, \quad t = 1, \dots, T $$")
        out = names[-1]
        loss = rf"\| {out}_T - y \|^2" if self.last else rf"\sum_{{t=1}}^{{T}} \| {out}_t - y \|^2"
        types = {f"{n}_t": "column n" for n in names} | {"x_t": "column n", "y": "column n"}
        types |= {f"{m}_{n}": "matrix n n" for n in names for m in "WU"}
        types |= {f"b_{n}": "column n" for n in names} | ({"g_t": "column n"} if self.gate else {})
        front = {
            "loss": "L", "inputs": ["x", "y", *(["g"] if self.gate else [])],
            "sizes": {"T": 3, "n": 2}, "time": {"t": "T"}, "types": types,
            "functions": {r"\sigma": "logistic"},
        }  # fmt: skip
        return "\n\n".join([f"---\n{yaml.safe_dump(front)}---", *lines, rf"$$ L = {loss} $$"])


recurrent = st.integers(1, 2).flatmap(
    lambda n: st.builds(
        Recurrent,
        st.tuples(*[st.sampled_from(ACTIVATIONS)] * n),
        st.tuples(*[st.integers(1, 2)] * n),
        st.booleans(),
        st.booleans(),
    )
)


@settings(max_examples=max(4, _FEW // 10))
@given(recurrent)
def test_a_printed_recurrence_is_read_as_itself(drawn: Recurrent) -> None:
    model = model_from_text(drawn.sheet(), "drawn")
    assert same_model(model_from_text(printed(model), "drawn"), model), printed(model)


@dataclass(frozen=True)
class Family:
    """Dense layers of these widths, all with one activation."""

    widths: tuple[int, ...]
    activation: str
    bias: bool

    def sheet(self) -> str:
        bias = " + b^{(l)}" if self.bias else ""
        types = {
            "W^{(l)}": "matrix n_l n_{l-1}", "a^{(0)}": "column n_0", "y": "column n_L",
        }  # fmt: skip
        types |= {"b^{(l)}": "column n_l"} if self.bias else {}
        front = {
            "loss": "J", "inputs": ["a^{(0)}", "y"], "types": types,
            "families": {"l": {"to": len(self.widths) - 1, "last": "L"}},
            "sizes": {"n_l": list(self.widths)}, "functions": {r"\sigma": "logistic"},
        }  # fmt: skip
        value = f"{self.activation}(z^{{(l)}})" if self.activation else "2 z^{(l)}"
        return "\n\n".join([
            f"---\n{yaml.safe_dump(front)}---",
            rf"$$ z^{{(l)}} = W^{{(l)}} a^{{(l-1)}}{bias}, \quad l = 1, \dots, L $$",
            f"$$ a^{{(l)}} = {value} $$",
            r"$$ J = \frac{1}{2} \| a^{(L)} - y \|^2 $$",
        ])  # fmt: skip


layered = st.builds(
    Family,
    st.lists(st.integers(1, 5), min_size=3, max_size=4, unique=True).map(tuple),
    st.sampled_from(ACTIVATIONS),
    st.booleans(),
)


@settings(max_examples=max(4, _FEW // 10))
@given(layered)
def test_a_printed_family_is_read_as_its_layers(drawn: Family) -> None:
    model = model_from_text(drawn.sheet(), "drawn")
    assert same_model(model_from_text(printed(model), "drawn"), model), printed(model)


@pytest.mark.parametrize("widths", [(4, 5, 3, 2), (2, 3, 5, 4, 1)])
def test_families_of_other_depths_have_other_last_layers(widths: tuple[int, ...]) -> None:
    model = model_from_text(Family(widths, r"\tanh", True).sheet(), "drawn")
    last = len(widths) - 1
    assert f"W{last}" in model.tensors
    assert f"W{last + 1}" not in model.tensors
