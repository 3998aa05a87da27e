"""The roles that front matter gives to tensors: inputs, loss, batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from derive.equations import Tensor
from derive.learning import Batch
from derive.reading.declarations import Front
from derive.reading.lexicon import Entry
from derive.reading.types import SCALARS, label_heads

NO_NUMBER = "is no number that an equation computes"


@dataclass(frozen=True)
class Roles:
    """Roles read from ``front``; ``named`` finds the symbol that a declaration names."""

    front: Front
    named: Callable[[str, str], Entry]
    computed: frozenset[str]

    def inputs(self) -> tuple[str, ...]:
        """The tensors that are given, class labels and declared scalars among them.

        Raises `Problem` for one that an equation computes.
        """
        given = [self._given(latex, "inputs") for latex in self.front.texts("inputs")]
        labels = (self._given(latex, "types") for latex in label_heads(self.front))
        numbers = (self._given(latex, SCALARS) for latex in self.front.texts(SCALARS))
        return tuple(dict.fromkeys((*given, *labels, *numbers)))

    def loss(self, tensors: Mapping[str, Tensor]) -> str | None:
        """The declared loss. Raises `Problem` unless an equation computes that number."""
        latex = self.front.text("loss")
        if latex is None:
            return None
        name = self.named(latex, "loss").tensor
        if name not in self.computed or tensors[name].rank:
            raise self.front.problem("loss", f"{latex} {NO_NUMBER}")
        return name

    def batch(self) -> Batch | None:
        """What carries the batch axis. Raises `Problem` unless the loss is a sum or a mean."""
        declared = self.front.mapping("batch")
        if not declared:
            return None
        expected = "{axis: n, over: [x], loss: sum} or loss: mean"
        axis, over, loss = (declared.get(k) for k in ("axis", "over", "loss"))
        known = not set(declared) - {"axis", "over", "loss"} and loss in {"sum", "mean"}
        if not known or not isinstance(axis, str) or not isinstance(over, list):
            raise self.front.problem("batch", f"{declared} is not understood", expected)
        if not over:
            raise self.front.problem("batch", "over names no tensor", expected)
        return Batch(axis, tuple(self._given(str(n), "batch") for n in over), str(loss))

    def _given(self, latex: str, key: str) -> str:
        name = self.named(latex, key).tensor
        if name in self.computed:
            raise self.front.problem(
                key, f"{latex} is computed by an equation", "a tensor that is only read"
            )
        return name
