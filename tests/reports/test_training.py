"""Training: sizes that fit, runs that can be repeated, what is said when something is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from derive.equations import Model
from derive.errors import Problem
from derive.optimisers import with_update
from derive.reading.sheet import load_model, model_from_text
from reports.command import main
from reports.training import Result, task, trained
from reports.training_data import digits
from reports.training_rate import GRIDS, heats, raced, searched
from reports.training_sizes import channel_axis, fitted, strides_of

SOFTMAX = """---
loss: L
inputs: [x, 'y']
batch: {axis: n, over: [x, 'y'], loss: mean}
sizes: {d: 5, h: 24, K: 3}
update: {rule: adam, eta: 0.01}
---
$$ z_i = \\sum_{j=1}^{d} W_{ij} x_j + b_i, \\quad i = 1, \\dots, h $$
$$ a_i = \\tanh(z_i) $$
$$ o_k = \\sum_{i=1}^{h} V_{ki} a_i + c_k, \\quad k = 1, \\dots, K $$
$$ p_k = \\frac{\\exp(o_k)}{\\sum_{m=1}^{K} \\exp(o_m)} $$
$$ L = -\\sum_{k=1}^{K} y_k \\log p_k $$
"""


def softmax() -> Model:
    return model_from_text(SOFTMAX, "softmax")


def run(model: Model, epochs: int, seed: int = 0, **numbers: float) -> Result:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra `train`)")
    work = task(model, "a test")
    return trained(
        work, epochs=epochs, batch=32, seed=seed, numbers=numbers, progress=lambda _: None
    )


def test_zhangs_network_fits_with_its_pooling_and_even_kernels() -> None:
    zhang = load_model("zhang")
    assert {s.name for s in strides_of(zhang)} == {"s"}
    small = fitted(zhang, "I", "y", 8, 10).at_sizes()
    extents = {n: [e.value for e in t.extents] for n, t in small.tensors.items()}
    assert extents["I"] == [8, 8]
    assert extents["k1"][1:] == [3, 3]
    assert extents["k2"][2:] == [2, 2]
    assert extents["yhat"] == [10]


def test_a_model_that_fits_is_left_alone() -> None:
    fits = softmax().resized(d=64, K=10)
    assert fitted(fits, "x", "y", 8, 10) is fits


def test_a_vector_holds_a_whole_image() -> None:
    small = fitted(softmax(), "x", "y", 8, 10)
    assert {s.name: v for s, v in small.sizes.items()} == {"d": 64, "h": 24, "K": 10}


def test_what_cannot_fit_is_said() -> None:
    stuck = model_from_text(SOFTMAX.replace("d: 5", "e: 5").replace("=1}^{d}", "=1}^{9}"), "stuck")
    with pytest.raises(Problem, match=r"at no sizes does x \(9\) hold an image"):
        fitted(stuck, "x", "y", 8, 10)


@pytest.mark.long
def test_softmax_and_cross_entropy_learn_the_digits_and_a_run_can_be_repeated() -> None:
    first, again = run(softmax(), 6), run(softmax(), 6)
    assert first.accuracy[-1] > 0.9
    assert first.training[-1] < first.training[0]
    assert first.confusion.sum() == len(digits("float32")) // 5
    assert first.accuracy[-1] == pytest.approx(np.trace(first.confusion) / first.confusion.sum())
    assert first.training == again.training
    assert all((again.params[n] == p).all() for n, p in first.params.items())
    assert run(softmax(), 1, seed=1).training != first.training[:1]


def test_a_sum_over_the_batch_learns_like_a_mean() -> None:
    adding = model_from_text(SOFTMAX.replace("loss: mean", "loss: sum"), "adding")
    mean, total = (run(with_update(m, "sgd"), 2, rate=0.1) for m in (softmax(), adding))
    np.testing.assert_allclose(total.training, mean.training, rtol=1e-4)


def test_a_number_that_the_rule_does_not_have_is_refused() -> None:
    with pytest.raises(Problem, match="no 'momentum'") as caught:
        run(softmax(), 1, momentum=0.9)
    assert caught.value.expected == "one of rate, beta1, beta2, epsilon"


def test_a_model_without_a_batch_is_refused() -> None:
    lone = model_from_text(SOFTMAX.replace("batch:", "# batch:"), "lone")
    with pytest.raises(Problem, match="lone cannot be trained on images"):
        task(lone, "a test")


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(Problem, match="needs scikit-learn") as caught:
        digits("float32")
    assert "backproof[train]" in caught.value.advice


def test_the_program_writes_weights_and_a_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra `train`)")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra `train`)")
    sheet = tmp_path / "softmax.md"
    sheet.write_text(SOFTMAX, encoding="utf-8")
    stem = tmp_path / "run.1"
    arguments = ["train", str(sheet), "--epochs", "2", "--update", "momentum", "-o", str(stem)]
    monkeypatch.setattr(sys, "argv", ["backproof", *arguments, "--hyper", "rate=0.1"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    out = capsys.readouterr().out
    assert "gradient descent with momentum" in out
    assert "2 epochs in" in out
    assert (tmp_path / "run.1.png").read_bytes().startswith(b"\x89PNG")
    assert set(np.load(tmp_path / "run.1.npz")) == {"W", "b", "V", "c"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("rule", "rate"),
    [("sgd", 10), ("momentum", 0.3), ("adagrad", 0.3), ("rmsprop", 0.02), ("adam", 0.01)],
)
def test_zhangs_network_reads_nineteen_digits_in_twenty(rule: str, rate: float) -> None:
    assert run(with_update(load_model("zhang"), rule), 600, rate=rate).accuracy[-1] >= 0.95


def test_the_better_half_goes_on_after_every_heat() -> None:
    assert list(heats(10, 600)) == [(10, 40), (5, 40), (3, 80), (2, 160), (1, 280)]
    assert list(heats(10, 3)) == [(10, 3)]
    assert list(heats(1, 7)) == [(1, 7)]


def test_a_rate_is_sought_only_where_none_is_given() -> None:
    work = task(with_update(softmax(), "adadelta"), "a test")
    assert searched(work, {}) == "epsilon"
    assert searched(work, {"epsilon": 1e-3}) is None
    assert searched(task(softmax(), "a test"), {"beta1": 0.8}) == "rate"


def test_a_race_is_won_by_the_least_training_loss_not_by_what_blows_up() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra `train`)")
    work = task(with_update(softmax(), "sgd"), "a test")
    finished: list[Result] = []
    value, result = raced(
        work, "rate", epochs=1, batch=64, seed=0, numbers={}, progress=finished.append
    )
    assert len(finished) == len(GRIDS["rate"])
    assert value in GRIDS["rate"]
    assert result.training == [min(r.training[0] for r in finished if np.isfinite(r.training[0]))]


def test_channels_may_stand_behind_the_sides_of_an_image() -> None:
    model = load_model("conv-relu")
    small = fitted(model, "X", "y", 8, 10).at_sizes()
    assert [e.value for e in small.tensors["X"].extents] == [8, 8, 3]
    assert channel_axis(model, "X") == 2
    assert channel_axis(load_model("cnn-softmax"), "I") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "/nosuch/folder/run"], "cannot write /nosuch/folder/run.npz"),
        (["--hyper", "rate=nan"], "'rate=nan' is not understood"),
        (["--update", "adamw"], "no update rule 'adamw'"),
    ],
)
def test_what_cannot_work_is_said_before_the_first_step(
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra `train`)")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra `train`)")
    monkeypatch.setattr("reports.train.trained", pytest.fail)
    monkeypatch.setattr("reports.train.raced", pytest.fail)
    monkeypatch.setattr(sys, "argv", ["backproof", "train", "zhang", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())
