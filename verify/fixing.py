"""A corrected copy of a deck: what is wrong replaced by the nearest right formula, no more.

Each formula that is wrong as declared and has a suggestion is changed in the one stretch that the
suggestion changes, at all its places; everything else stays as it is, code point for code point.
The copy is then judged like any deck: a replacement that is not proved or confirmed there, or that
makes another formula worse, is taken back, and the copy is judged again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from derive.equations import Model
from derive.reading.context import Context
from derive.reading.document import Document, document_from_text, read_document
from verify.authored import place_in_file
from verify.claims import Claim
from verify.extract import extract
from verify.judge import SECONDS, judge_deck
from verify.splices import Splice, in_file, moved, overlap, spliced, splices
from verify.used_before import Progress
from verify.verdict import ACCEPTED, Judgement, Place, Status, Verdict

WRONG = frozenset({Status.REFUTED, Status.ILL_FORMED})
RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})
MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""

NO_SUGGESTION = "no right formula was found within one edit"
UNPLACED = "the edit lies in what the deck leaves unsaid there"
OVERLAPS = "another correction changes the same stretch"


@dataclass(frozen=True)
class Change:
    """A formula that was replaced: its ``verdict`` in the deck, and how the copy's was judged."""

    verdict: Verdict
    status: Status
    splices: tuple[Splice, ...]


@dataclass(frozen=True)
class Left:
    """A wrong formula that stays as it is, and why."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Fixed:
    """The corrected ``text`` of a deck, as bytes in ``data``.

    ``before`` and ``after`` judge the deck and the copy; ``changed`` and ``left`` hold every
    formula that is refuted or ill-formed in the deck, in its order.
    """

    text: str
    data: bytes
    before: Judgement
    after: Judgement
    changed: tuple[Change, ...]
    left: tuple[Left, ...]


Pairs = list[tuple[Claim, Verdict]]


def fix(
    deck: str | Path | Document,
    model: str | Path | Model | None = None,
    context: str | Path | Context | None = None,
    *,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    jobs: int | None = 1,
) -> Fixed:
    """A corrected copy of ``deck``, which is only read; raises as `verify.judge.judge_deck`."""
    document = deck if isinstance(deck, Document) else read_document(deck)
    mark = b"" if isinstance(deck, Document) else _mark(Path(deck))

    def judge(text: Document) -> Judgement:
        return judge_deck(text, model, context, progress=progress, seconds=seconds, jobs=jobs)

    before = judge(document)
    pairs = _pairs(document, before)
    changes, left = _proposed(document, pairs)
    left += _beside(before, pairs)
    text, after = document.raw, before
    while changes:
        text, after, judged = _made(document, changes, judge, pairs)
        changes = [c for c in judged if isinstance(c, Change)]
        if len(changes) == len(judged):
            break
        left += [c for c in judged if isinstance(c, Left)]
        text, after = document.raw, before
    order = {verdict.id: n for n, verdict in enumerate(before.claims)}
    left.sort(key=lambda item: order[item.verdict.id])
    return Fixed(text, mark + text.encode(), before, after, tuple(changes), tuple(left))


def _pairs(document: Document, judgement: Judgement) -> Pairs:
    """Every claim with its verdict, found by its first place: several may share one verdict."""
    here: dict[Place, list[Verdict]] = {}
    for verdict in judgement.claims:
        for place in verdict.places:
            here.setdefault(place, []).append(verdict)
    pairs: Pairs = []
    for claim in extract(document).claims:
        found = here.get(place_in_file(claim.places[0], document), [])
        same = (v for v in found if claim.latex in (v.latex, v.plain))
        verdict_ = next(same, found[0] if found else None)
        if verdict_ is not None:
            pairs.append((claim, verdict_))
    return pairs


def _made(
    document: Document,
    changes: list[Change],
    judge: Callable[[Document], Judgement],
    pairs: Pairs,
) -> tuple[str, Judgement, list[Change | Left]]:
    """The copy with all changes, its judgement, and which changes it bears out."""
    ordered = sorted(s for c in changes for s in c.splices)
    own = in_file(document, ordered)
    assert not isinstance(own, str)  # each was placed by itself
    text = spliced(document.raw, own)
    copy = document_from_text(text, document.path)
    after = judge(copy)
    placed = dict(moved(ordered))
    here = _pairs(copy, after)
    judged = [_judged(change, placed, here) for change in changes]
    if all(isinstance(c, Change) for c in judged):
        lines = [document.position(c.splices[0].start)[0] for c in changes]
        judged = _harmless(judged, lines, pairs, here)
    return text, after, judged


def _mark(path: Path) -> bytes:
    with path.open("rb") as stream:
        return MARK if stream.read(len(MARK)) == MARK else b""


def _beside(judgement: Judgement, pairs: Pairs) -> list[Left]:
    """What is wrong beside the formulas, as sizes in a list: nothing is written there."""
    known = {verdict.id for _, verdict in pairs}
    wrong = (v for v in judgement.claims if v.status in WRONG and v.id not in known)
    return [Left(verdict, NO_SUGGESTION) for verdict in wrong]


def _proposed(document: Document, pairs: Pairs) -> tuple[list[Change], list[Left]]:
    """Every correction that can be placed, and the wrong formulas without one."""
    changes: list[Change] = []
    left: list[Left] = []
    touched: set[Splice] = set()
    told: list[Verdict] = []
    for claim, verdict in pairs:
        if verdict.status not in WRONG:
            continue
        if verdict.suggestion is None or verdict.suggestion.anew:
            left += [Left(verdict, NO_SUGGESTION)] if verdict not in told else []
            told.append(verdict)
            continue
        found = splices(claim, verdict.suggestion.plain or verdict.suggestion.latex)
        own = in_file(document, found) if found is not None else UNPLACED
        if found is None or isinstance(own, str):
            left.append(Left(verdict, str(own)))
        elif overlap(sorted(touched | set(own))) or touched & set(own):
            left.append(Left(verdict, OVERLAPS))
        else:
            touched |= set(own)
            changes.append(Change(verdict, verdict.status, found))
    return changes, left


def _judged(change: Change, placed: dict[Splice, int], here: Pairs) -> Change | Left:
    """The change with the copy's verdict on it, or why it is to be taken back."""
    spans = [(placed[s], placed[s] + len(s.new)) for s in change.splices]
    met = [v for claim, v in here for span in spans if _holds(claim, *span)]
    if not met:
        return Left(change.verdict, "corrected, it would no longer be found as a formula")
    worst = next((v for v in met if v.status not in RIGHT), None)
    if worst is not None:
        return Left(change.verdict, f"corrected, it would be {worst.status}: {worst.message}")
    return replace(change, status=met[0].status)


def _holds(claim: Claim, start: int, end: int) -> bool:
    """Whether the stretch of the deck is a part of the claim."""
    return any(
        piece.offset <= start and end <= piece.offset + piece.length
        for copy in (claim, *claim.again)
        for piece in copy.pieces
    )


def _harmless(
    judged: list[Change | Left], lines: list[int], pairs: Pairs, here: Pairs
) -> list[Change | Left]:
    """The changes, the last one above a formula that is accepted in the deck alone taken back."""
    was = {claim.key for claim, v in pairs if v.status in ACCEPTED}
    worse = next((v for c, v in here if c.key in was and v.status not in ACCEPTED), None)
    if worse is None:
        return judged
    line = next(c for c, v in here if v is worse).places[0].line
    above = [k for k, at in enumerate(lines) if at <= line]
    harm = above[-1] if above else len(judged) - 1
    reason = f"corrected, it would make another formula {worse.status}: {worse.latex}"
    return [Left(c.verdict, reason) if k == harm else c for k, c in enumerate(judged)]
