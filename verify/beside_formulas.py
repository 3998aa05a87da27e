"""Claims of a deck beside its formulas: numbers of parameters, sizes, figures, lists of layers."""

from __future__ import annotations

from collections.abc import Sequence

from derive.reading.document import Document
from derive.reading.family import Member
from verify.bare_sizes import with_bare_sizes
from verify.counts import with_counts
from verify.listings.counts import with_listed_counts
from verify.listings.outputs import with_listed_outputs
from verify.pooled_figures import with_pooled_figures
from verify.verdict import Judgement


def with_claims_beside(
    judgement: Judgement, document: Document, members: Sequence[Member]
) -> Judgement:
    """The judgement with the verdicts on what no formula says."""
    found = with_bare_sizes(with_counts(judgement, document, members), document, members)
    found = with_listed_outputs(with_pooled_figures(found, document, members), document)
    return with_listed_counts(found, document)
