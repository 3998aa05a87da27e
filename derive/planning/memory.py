"""What the statements of a plan allocate and move: elements, before anything has run.

Variables live until their function returns, temporaries of an expression until they are used. The
prediction is from above: NumPy computes some chains in the memory of a temporary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType

from derive.planning.arrays import Array, Map, Name, Reshaped, Shape, walk
from derive.planning.book import Statement
from derive.planning.cost import elements, is_scattered, is_view
from derive.planning.overwriting import chain_of
from derive.planning.windows import Spread, WindowSum

EXTRA: Mapping[str, int] = MappingProxyType(
    {"logistic": 1, "softplus": 3, "leaky_relu": 2, "step": 2, "indicator": 1}
)
"""Arrays of the size of the result that a function holds beside it."""


@dataclass
class Ledger:
    """Elements that are held while statements run one after the other, and the most there were."""

    batch: int
    held: dict[str, int] = field(default_factory=dict)
    owners: dict[str, set[str]] = field(default_factory=dict)
    scattered: set[str] = field(default_factory=set)
    peak: int = 0

    def run(self, statements: Iterable[Statement]) -> None:
        """The statements of a function, or of a part of it."""
        for statement in statements:
            self._run(statement)

    def _run(self, statement: Statement) -> None:
        name, value = statement.target.name, statement.value
        before = sum(self.held.values())
        if (chained := chain_of(statement)) is not None:
            operands = (self._evaluated(x)[0] for _, x in chained.steps)
            self.peak = max(self.peak, before + max(operands, default=0))
            self.owners[name] = self._owners(chained.leaf)
            return
        most, kept = self._evaluated(value)
        self.peak = max(self.peak, before + most)
        if is_view(value, self.scattered):
            self.owners[name] = self._owners(value)
        else:
            self.held[name] = kept
        if is_scattered(value, self.scattered):
            self.scattered.add(name)

    def _owners(self, value: Array) -> set[str]:
        """The variables whose memory a view shows."""
        names = {node.name for node in walk(value) if isinstance(node, Name)}
        return names.union(*(self.owners.get(n, set()) for n in names))

    def leave(self, kept: AbstractSet[str]) -> None:
        """Return from a function that hands these variables on."""
        alive = set(kept).union(*(self.owners.get(n, set()) for n in kept))
        self.held = {n: size for n, size in self.held.items() if n in alive}

    def _evaluated(self, value: Array) -> tuple[int, int]:
        """(most elements held meanwhile, elements that the result keeps alive)."""
        if isinstance(value, Name):
            return 0, 0
        most = kept = 0
        for operand in value.operands:
            inside, own = self._evaluated(operand)
            most = max(most, kept + inside)
            kept += own
        if self._is_seen(value):
            return most, kept
        size = elements(value.shape, self.batch)
        return max(most, kept + size + self._beside(value, size)), size

    def _is_seen(self, value: Array) -> bool:
        """True for another view of what is there: of a variable or of a temporary."""
        if isinstance(value, Reshaped):
            return not is_scattered(value.source, self.scattered)
        return is_scattered(value, self.scattered)

    def _beside(self, value: Array, size: int) -> int:
        if isinstance(value, Map):
            return EXTRA.get(value.function, 0) * size
        if isinstance(value, Spread | WindowSum) and len(value.windows) > 1:
            wider = elements(value.source.shape, self.batch)
            return max(size, wider) // min(w.width for w in value.windows)
        return 0


def moved(statements: Iterable[Statement], batch: int) -> int:
    """Elements that are read and written, each operation from and to memory."""
    scattered: set[str] = set()
    total = 0
    for statement in statements:
        for node in walk(statement.value):
            if isinstance(node, Name) or is_view(node, scattered):
                continue
            shapes: list[Shape] = [node.shape, *(a.shape for a in node.operands)]
            total += sum(elements(shape, batch) for shape in shapes)
        if is_scattered(statement.value, scattered):
            scattered.add(statement.target.name)
    return total
