"""Training of an emitted module on handwritten digits, as a user of the module would do it.

Nothing of the engine runs here: the module's own ``init``, ``forward``, ``loss_and_gradients`` and
``update`` do all the work. Gradients and losses are per image, whether a module adds or averages
over a batch, so that a learning rate means the same for both.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np

from derive.emit import emit
from derive.equations import Model
from derive.errors import Problem
from reports.training_data import CLASSES, SIDE, Arrays, Images, as_inputs, digits, split
from reports.training_sizes import channel_axis, fitted

DTYPE = "float32"


@dataclass(frozen=True)
class Task:
    """A module, the names of its images, targets and loss, and whether its loss is a sum."""

    model: Model
    source: str
    module: ModuleType
    image: str
    target: str
    adds: bool

    def inputs(self, images: Images) -> Arrays:
        """The images as the module takes them."""
        channels = channel_axis(self.model, self.image)
        return as_inputs(images, (self.image, self.target), self.module.INPUTS, channels)

    def scale(self, count: int) -> float:
        """What makes a loss or a gradient one per image."""
        return 1 / count if self.adds else 1.0


@dataclass
class Result:
    """The parameters, the losses per image after each epoch, and what was held back."""

    params: Arrays
    training: list[float] = field(default_factory=list)
    held_back: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    confusion: Any = None


Progress = Callable[[Result], None]


def task(model: Model, command: str) -> Task:
    """The model at sizes that fit the digits, as a module.

    Raises `Problem` for a model without loss, batch, one input of images and one of targets, or
    without fitting sizes, and what emission raises.
    """
    image, target, adds = _roles(model)
    sized = fitted(model, image, target, SIDE, CLASSES)
    source = emit(sized, command=command)
    module = ModuleType("emitted")
    exec(compile(source, "<emitted>", "exec"), module.__dict__)
    return Task(sized, source, module, image, target, adds)


def _roles(model: Model) -> tuple[str, str, bool]:
    """Names of images and targets, and whether the loss adds over the batch."""
    batch = model.batch
    if model.loss is None or batch is None or len(batch.over) != 2:
        raise Problem(
            f"{model.name} cannot be trained on images",
            expected="a sheet with a loss and a batch over images and targets",
            advice="batch: {axis: n, over: [x, 'y'], loss: mean}",
        )
    target = min(batch.over, key=lambda name: len(model.tensors[name].ranges))
    (image,) = (name for name in batch.over if name != target)
    if len(model.tensors[image].ranges) == len(model.tensors[target].ranges):
        last = [n for n in batch.over if n in model.equations[-1].reads]
        target = last[0] if last else batch.over[1]
        (image,) = (name for name in batch.over if name != target)
    return image, target, batch.loss == "sum"


def checked_numbers(work: Task, numbers: Mapping[str, float]) -> dict[str, float]:
    """``numbers`` for ``update``. Raises `Problem` for one that the rule does not have."""
    parameters = inspect.signature(work.module.update).parameters
    known = [n for n, p in parameters.items() if p.kind is p.KEYWORD_ONLY and n != "xp"]
    for name in numbers:
        if name not in known:
            raise Problem(f"the update rule has no {name!r}", expected=f"one of {', '.join(known)}")
    return dict(numbers)


def trained(
    work: Task,
    *,
    epochs: int,
    batch: int,
    seed: int,
    numbers: Mapping[str, float],
    progress: Progress,
) -> Result:
    """Train from a fresh start. The same ``seed`` gives the same run."""
    runs = training(work, batch=batch, seed=seed, numbers=checked_numbers(work, numbers))
    for result in islice(runs, epochs):
        progress(result)
    return result


def training(
    work: Task, *, batch: int, seed: int, numbers: Mapping[str, float]
) -> Iterator[Result]:
    """The result so far after each epoch, without end."""
    rng = np.random.default_rng(seed)
    learn, held = split(digits(DTYPE), rng)
    result, state = Result(work.module.init(rng, np.dtype(DTYPE))), None
    while True:
        total = 0.0
        for places in np.array_split(rng.permutation(len(learn)), -(-len(learn) // batch)):
            inputs = work.inputs(learn.part(places))
            loss, grads = work.module.loss_and_gradients(result.params, inputs)
            scale = work.scale(len(places))
            grads = {name: scale * g for name, g in grads.items()}
            result.params, state = work.module.update(result.params, grads, state, **numbers)
            total += float(loss) * scale * len(places)
        result.training.append(total / len(learn))
        _look_at(work, held, result)
        yield result


def _look_at(work: Task, held: Images, result: Result) -> None:
    """Loss, accuracy and confusion on what was held back."""
    inputs = work.inputs(held)
    loss = float(work.module.forward(result.params, inputs)[work.model.loss])
    tensors = work.module.forward(result.params, {work.image: inputs[work.image]})
    chosen = np.argmax(prediction(tensors, len(held)), axis=1)
    confusion = np.zeros((CLASSES, CLASSES), int)
    np.add.at(confusion, (held.labels, chosen), 1)
    result.held_back.append(loss * work.scale(len(held)))
    result.accuracy.append(float(np.mean(chosen == held.labels)))
    result.confusion = confusion


def prediction(tensors: Arrays, count: int) -> Any:
    """The last tensor before the targets come in that has a number for each class."""
    return [t for t in tensors.values() if np.shape(t) == (count, CLASSES)][-1]
