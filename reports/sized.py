"""The model that a command line names, at the sizes that it gives."""

from __future__ import annotations

from derive.equations import Model
from derive.errors import Problem
from derive.reading.sheet import load_model


def load_sized(name: str, sizes: list[str]) -> Model:
    """The model of this name or path with each ``NAME=VALUE`` put in.

    Raises `Problem` for what it does not have, and as `load_model` does.
    """
    model = load_model(name)
    values = {}
    for text in sizes:
        size, _, value = text.partition("=")
        if not value.strip().isdecimal():
            raise Problem(f"--size {text!r} is not understood", expected="NAME=VALUE, as in P=3")
        values[size.strip()] = int(value)
    try:
        return model.resized(**values)
    except ValueError as error:
        raise Problem(str(error)) from error
