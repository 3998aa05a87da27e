r"""In which order the factors of ``\prod`` stand: a product of matrices hangs on it."""

ORDER = r"\prod"
"""The name under which the order is declared, beside the operators."""
LAST, FIRST = ORDERS = ("from the last", "from the first")

SUMS = "sums"
"""The key, and the name among operators, that says where sums are left out."""
EINSTEIN = "einstein"
