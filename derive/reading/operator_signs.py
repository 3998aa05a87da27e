r"""What front matter may declare of a sign: ``operators: {'*': convolution}``.

A sign of a product may slide, multiply matrices or elements; bars are a length or of elements; the
order of ``\prod`` and the powers of matrices have meanings of their own. Of other signs (``+``,
``\div``) nothing can be said: a declaration of them would change nothing.
"""

from __future__ import annotations

from derive.reading.norms import BAR, DETERMINANT, LENGTH
from derive.reading.orders import ORDER, ORDERS
from derive.reading.powers import POWER
from derive.reading.products import BESIDE
from derive.reading.scope import OPERATOR_MEANINGS
from derive.reading.symbols import MULTIPLICATIVE, SYNONYMS

UNREAD = frozenset(r"\div \cap \cup \setminus \wedge \vee \land \lor \bmod".split())
"""Signs between factors that are no products."""
OF_THEIR_OWN = {
    BAR: (LENGTH, "elementwise", DETERMINANT),
    ORDER: ORDERS,
    POWER: ("matmul", "elementwise"),
}
SIGNS = ", ".join((r"a product such as * or \times", BESIDE, *OF_THEIR_OWN))


def as_read(sign: str) -> str:
    r"""The sign as the reader writes it: ``×`` is ``\times``."""
    return SYNONYMS.get(sign, sign)


def meanings_of(sign: str) -> tuple[str, ...]:
    """What a sign, as the reader writes it, may be declared to mean; nothing where it is none."""
    product = sign in MULTIPLICATIVE - UNREAD or sign == BESIDE
    return OF_THEIR_OWN.get(sign, OPERATOR_MEANINGS if product else ())
