r"""Formulas for a layer l: judged for every layer of the sheet that they speak of.

``\delta^{(l)} = (\delta^{(l+1)} \theta^{(l+1)}) \odot a'^{(l)}`` has letters in its labels where
the sheet has numbers. Each number that makes every symbol of the formula one of the sheet
is put in; a capital L is the last layer. What is right for all of them is right for the layers of
this sheet, which should have several of different widths.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.reading.layer_families import layer_texts
from derive.reading.layer_labels import for_layers, layer_labels
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.sums_over_layers import text_written_out
from verify.claim import sentence_of
from verify.named_behind import named_behind


@dataclass(frozen=True)
class Instance:
    """The formula for one layer: ``letter`` stands for ``number``.

    ``stated`` says that the author claims it for this layer, in so many words.
    """

    letter: str
    number: int
    text: str
    stated: bool = False


def instances(sentence: Sentence, text: str, scope: Scope) -> tuple[Instance, ...]:
    """The formula for every layer whose number the sheet's labels allow, in order.

    None where no label holds a letter, or several different ones do. Where the sheet states a
    family of layers, its letters count wherever they stand in scripts.
    """
    family = scope.model.layers if scope.model is not None else None
    if family is not None:
        whole = text_written_out(sentence, text, family)
        found = tuple(layer_texts(sentence_of(whole), whole, family))
        letter = family.letter if len(found) > 1 else family.name
        if found:
            return tuple(Instance(letter, *one) for one in found)
        if whole != text:
            return (Instance(letter, family.last, whole),)
    labels = layer_labels(sentence.nodes)
    made = for_layers((text,), [labels], scope)
    return tuple(Instance(letter, number, filled) for letter, number, (filled,) in made)


def as_defined(text: str, scope: Scope) -> list[str]:
    """What a definition for a layer l of a family defines: the same for every layer.

    A chain that ends in a name defines that.
    """
    if (named := named_behind(sentence_of(text), text)) is not None:
        text = named.definition
    if scope.model is None or scope.model.layers is None:
        return [text]
    return [layer.text for layer in instances(sentence_of(text), text, scope)] or [text]
