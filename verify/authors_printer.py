r"""Core expressions as the author of a formula would write them: the names that the formula has.

Gradients stand as ``dW``, ``\delta_j`` or ``\frac{\partial E}{\partial w}``, as the formula writes
its own; a tensor has the symbol that stands in the formula where it has several.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from derive.equations import adjoint_of
from derive.expr import Access, Expr, Number
from derive.printer import Printer
from derive.reading.lexicon import Entry
from derive.reading.names import is_bare
from derive.reading.surface import Call, Numeral, walk
from verify.mending.stock import Stock
from verify.mending.symbols import marked, meaning

PARTIAL = r"\partial"


@dataclass(frozen=True)
class AuthorsPrinter(Printer):
    """Elements in the notation of ``stock``; raises nothing that `Printer` does not."""

    stock: Stock

    def access(self, access: Access) -> str:
        """The element by the symbol that the formula has for it, else in the sheet's notation."""
        entry = self.entry(access.tensor)
        if entry is None and access.tensor in self.model.tensors:
            notation = self.model.tensors[access.tensor].notation
            entry = Entry(notation, len(access.indices), access.tensor)
        if entry is None or entry.rank != len(access.indices):
            return super().access(access)
        entry = below(entry) if self.has_scripts and not entry.notation.sub else entry
        return self.stock.element(entry, tuple(self.index(i) for i in access.indices))

    @cached_property
    def has_scripts(self) -> bool:
        """Whether indices stand below symbols, nowhere in brackets behind them."""
        behind = (isinstance(n, Call) and _indexed(n) for s in self.stock.sides for n in walk(s))
        return not any(behind)

    def entry(self, tensor: str) -> Entry | None:
        """The author's own symbol; ``None`` where the sheet's, or a derivative, is to be written.

        Of a gradient any symbol is better than a derivative where the formula has none.
        """
        found = self._entries.get(tensor)
        if found is None or marked(found) in self.stock.text:
            return found
        return found if adjoint_of(tensor) and PARTIAL not in self.stock.text else None

    @cached_property
    def _entries(self) -> dict[object, Entry]:
        return {meaning(entry): entry for entry in self.stock.entries if not entry.offsets}

    @property
    def loss(self) -> str:
        """What is differentiated, as it stands above the lines of the formula."""
        above = self.stock.above[0].removeprefix(PARTIAL).strip()
        return above or super().loss


def _indexed(call: Call) -> bool:
    """Whether a symbol has letters or numbers alone in its brackets."""
    return all(isinstance(a, Numeral) or is_bare(a) for a in call.args)


def below(entry: Entry) -> Entry:
    """The symbol with all of its arguments as lower indices: ``A_{ij}`` for ``A(i, j)``."""
    notation = entry.notation
    scripts = (*notation.sub, *notation.args)
    return replace(entry, notation=replace(notation, sub=scripts, args=()))


@dataclass(frozen=True)
class WholePrinter(AuthorsPrinter):
    r"""The same for whole arrays, without indices: ``(1 - z)``, ``W``, ``h \odot h``."""

    def access(self, access: Access) -> str:
        """The array, by the symbol that the formula has for it."""
        entry = self.entry(access.tensor)
        if entry is not None:
            return self.stock.whole(entry)
        if adjoint_of(access.tensor) is not None:
            below = self.access(Access(adjoint_of(access.tensor) or "", access.indices))
            return rf"\frac{{\partial {self.loss}}}{{\partial {below}}}"
        known = self._entries.get(access.tensor)
        return super().access(access) if known is None else self.stock.whole(known)

    def power(self, base: Expr, exponent: Expr) -> str:
        """A square of an array is its product with itself, element by element."""
        if isinstance(base, Access) and isinstance(exponent, Number) and exponent.value == 2:
            return rf"{self.access(base)} \odot {self.access(base)}"
        return super().power(base, exponent)
