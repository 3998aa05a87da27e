"""The figure of a training run: the losses by epoch, and the confusion matrix."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reports.training import Result
from reports.training_data import needed


def figure_possible() -> type[Any]:
    """Matplotlib's figure. Raises `Problem` where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise needed("matplotlib", error) from error
    return Figure


def figure_png(result: Result, title: str) -> bytes:
    """A PNG; raises as `figure_possible`."""
    figure = figure_possible()(figsize=(11, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _curves(left, result)
    _confusion(right, result)
    figure.suptitle(title)
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=120, metadata={"Software": None})
    return stream.getvalue()


def _curves(axes: Any, result: Result) -> None:
    epochs = range(1, len(result.training) + 1)
    axes.plot(epochs, result.training, label="training")
    axes.plot(epochs, result.held_back, label="held back")
    axes.set(xlabel="epoch", ylabel="loss per image", yscale="log")
    axes.legend()


def _confusion(axes: Any, result: Result) -> None:
    counts = result.confusion
    axes.imshow(counts, cmap="Blues")
    for (row, column), count in _entries(counts):
        pale = count > counts.max() / 2
        axes.text(column, row, count, ha="center", va="center", color="white" if pale else "black")
    classes = range(len(counts))
    axes.set(xlabel="predicted", ylabel="true", xticks=classes, yticks=classes)
    axes.set_title(f"held back: {result.accuracy[-1]:.1%} right")


def _entries(counts: Any) -> list[tuple[tuple[int, int], int]]:
    size = range(len(counts))
    return [((r, c), int(counts[r, c])) for r in size for c in size if counts[r, c]]
