"""Handwritten digits of 8 by 8 pixels, which scikit-learn ships, in the shape that a model takes.

The data are the test set of E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits,
UCI machine learning repository, 1998: 1797 images of ten classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.errors import Problem

Arrays = dict[str, Any]
SIDE, CLASSES, WHITE = 8, 10, 16
HELD_BACK = 5
"""One image in so many is held back."""


@dataclass(frozen=True)
class Images:
    """``pixels`` in 0..1, one image a row block, and their ``labels``."""

    pixels: Any
    labels: Any

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, places: Any) -> Images:
        """The images at these places."""
        return Images(self.pixels[places], self.labels[places])


def needed(package: str, error: ImportError) -> Problem:
    """What to say where a package of the extra is not there."""
    return Problem(
        f"training needs {package}, which is not installed ({error})",
        advice="pip install 'backproof[train]'",
    )


def digits(dtype: str) -> Images:
    """All images. Raises `Problem` where scikit-learn is not installed."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise needed("scikit-learn", error) from error
    data = load_digits()
    return Images((data.images / WHITE).astype(dtype), data.target)


def split(images: Images, rng: np.random.Generator) -> tuple[Images, Images]:
    """Images to learn from, and the fifth that is held back."""
    order = rng.permutation(len(images))
    held = len(images) // HELD_BACK
    return images.part(order[held:]), images.part(order[:held])


def as_inputs(
    images: Images,
    names: tuple[str, str],
    shapes: dict[str, tuple[int | str, ...]],
    channels: int = 0,
) -> Arrays:
    """The inputs of a module: images, the same in every channel, and one-hot targets.

    ``channels`` is the axis of channels of one image, where there is one.
    """
    image, target = names
    whole = tuple(n if isinstance(n, int) else len(images) for n in shapes[image])
    alone = len(whole) == 4
    pixels = np.expand_dims(images.pixels, 1 + channels) if alone else images.pixels
    if len(whole) == 2:
        pixels = pixels.reshape(whole)
    one_hot = np.eye(CLASSES, dtype=images.pixels.dtype)[images.labels]
    return {image: np.ascontiguousarray(np.broadcast_to(pixels, whole)), target: one_hot}
