"""A model on its bench and a context: what every claim of a deck is judged in."""

from __future__ import annotations

from derive.equations import Model
from derive.pipeline import gradients
from derive.reading.context import Context
from verify.bench import Bench
from verify.numbers.places import values_of
from verify.setting import Convention, Setting


def surroundings(model: Model, context: Context, others: bool) -> Setting:
    """The setting of a deck, with ``others`` where it has more sheets.

    Raises `Problem` for a context that does not suit the model.
    """
    setting = Setting(Bench(model, gradients(model)), context, others=others)
    setting.scope(Convention())  # what the context says is read at once,
    setting.restricted()  # and so is what it declares
    values_of(setting)
    return setting
