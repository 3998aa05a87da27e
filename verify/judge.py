"""A deck in, a judgement out: every claim by itself, none able to lose the others.

Claims are judged in order, as a definition is known to what follows it, each in a time of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from derive.equations import Model, adjoint_of
from derive.errors import LimitExceeded, Problem, Unreadable
from derive.pipeline import gradients
from derive.reading.context import EMPTY, Context, load_context
from derive.reading.document import Document, document_from_text, read_document
from derive.reading.family import Member, load_family
from verify.added_up import added_up
from verify.allowance import CUT_SHORT
from verify.authored import as_typed, in_file, placed, skipped_in_file, unreadable
from verify.beside_formulas import with_claims_beside
from verify.bullets import judged_as_item
from verify.claims import Claim
from verify.clock import Clock, TimeUp, limited
from verify.contradictions import stated_by
from verify.counterexample import with_smallest
from verify.deck_wide import looked_over
from verify.expansion.outcome import TERMS
from verify.extract import extract
from verify.family import judge_family
from verify.formulas import LISTED
from verify.given_anew import given_anew
from verify.layers import as_defined
from verify.listings.contradictions import all_contradictions
from verify.listings.matlab import Said, of_code
from verify.listings.statements import stated
from verify.mending.repair import is_strange, repaired_sum
from verify.mending.restricted import repair_for_targets, repair_several
from verify.mending.told import told_repair
from verify.numbers.displayed import displayed
from verify.own import judge_own
from verify.own_words import as_meant, own_words
from verify.readback import read_as
from verify.readings import Judged, judge_readings, may_be_foreign
from verify.samples_member import with_samples
from verify.scopes import borne_out
from verify.setting import Setting
from verify.softmax_axes import by_axes, page_by_axes
from verify.stand_ins_used import with_stand_ins
from verify.surroundings import surroundings
from verify.table_claims import softened
from verify.table_sizes import with_table_sizes
from verify.unbalanced import balanced
from verify.used_before import Progress, judged_by_use
from verify.verdict import ACCEPTED, Evidence, Judgement, Status, Verdict, united
from verify.without_context import is_undeclared, open_without_context, with_meaning

SECONDS = 10.0
"""Time limit of one claim."""
MANY = 40
"""Claims of a deck that are worth the start of further processes, by whichever model."""


def judge_deck(
    deck: str | Path | Document,
    model: str | Path | Model | None = None,
    context: str | Path | Context | None = None,
    *,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    jobs: int | None = 1,
) -> Judgement:
    """Judge every formula of ``deck`` against ``model`` under the declarations of ``context``.

    Without a model the deck's own equations are the model (`verify.own`). Names are of built-in
    sheets, else paths. Raises `Problem` where the deck, the model or the context cannot be had;
    whatever is wrong with a single formula becomes its verdict. More than one of ``jobs`` are
    processes of joblib, or what its `parallel_config` names (Dask, Ray); ``None`` is one for each
    core where that pays.
    """
    document = deck if isinstance(deck, Document) else read_document(deck)
    declared = _context(context)

    def judge(by: Model | Sequence[Member], under: Context) -> Judgement:
        return judge_document(document, by, under, progress=progress, seconds=seconds, jobs=jobs)

    def judge_by(family: Sequence[Member]) -> Judgement:
        members = with_samples(family, document)
        return with_claims_beside(judge(members, declared), document, members)

    if model is None:
        own = page_by_axes(document, partial(judge_own, context=declared, judge=judge))
        found = with_claims_beside(own, document, ())
    else:
        found = judge_by((Member(model),)) if isinstance(model, Model) else by_axes(model, judge_by)
    return with_table_sizes(found, document)


def judge_text(
    text: str,
    model: str | Path | Model,
    context: str | Path | Context | None = None,
    *,
    seconds: float = SECONDS,
) -> Judgement:
    """Judge the formulas of a text; without any delimiter the whole text is one formula."""
    whole = text if "$" in text or "\\(" in text or "\\[" in text else f"$$ {text} $$"
    document = document_from_text(whole)
    members = (Member(model),) if isinstance(model, Model) else load_family(model)
    return judge_document(document, members, _context(context), seconds=seconds)


def judge_document(
    document: Document,
    model: Model | Sequence[Member],
    context: Context,
    *,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    jobs: int | None = 1,
) -> Judgement:
    """Judge a document that was read already, by a model or by those of a family.

    Raises `Problem` where it holds no formula at all.
    """
    started = time.perf_counter()
    found = extract(document)
    formulas = (*document.formulas(), *document.refused())
    if not found.claims and not formulas:
        raise Problem("no formula was found", path=document.path, expected="$…$, $$…$$ or \\[…\\]")
    members = (Member(model),) if isinstance(model, Model) else model
    own = own_words(found.claims)
    if jobs is None and len(found.claims) < MANY:
        jobs = 1

    def judge(claims: Sequence[Claim], by: Model, under: Context, others: bool) -> list[Verdict]:
        setting = surroundings(by, own.added_to(under, by), others)
        in_turn = partial(_judged, setting=setting, document=document, seconds=seconds, jobs=jobs)
        alone = judged_by_use(claims, setting, in_turn, progress)
        return added_up(
            claims, alone, lambda c, name: judge_claim(c, name, setting, document, seconds)
        )

    verdicts = judge_family(found.claims, members, context, document, judge)
    told = looked_over([in_file(v, document) for v in united(verdicts)], document)
    return Judgement(
        document.path or "",
        members[0].model.name,
        context.name if context is not EMPTY else None,
        told,
        tuple(skipped_in_file(s, document) for s in found.skipped),
        contradictions=all_contradictions(document, found.claims, told, members[0].model),
        seconds=time.perf_counter() - started,
    )


def _judged(
    claims: Sequence[Claim], setting: Setting, document: Document, seconds: float, jobs: int | None
) -> Iterator[Verdict]:
    """The verdicts by one model, in order."""
    setting.shown = displayed(claims)
    if jobs == 1 or len(claims) == 1:
        return (
            judge_claim(claim, f"c{number}", setting, document, seconds)
            for number, claim in enumerate(claims, start=1)
        )
    from verify.spread import spread  # joblib, and it judges by this module

    return spread(claims, setting, gradients(setting.bench.model), document, seconds, jobs)


def _context(context: str | Path | Context | None) -> Context:
    if context is None:
        return EMPTY
    return context if isinstance(context, Context) else load_context(context)


def judge_claim(
    claim: Claim, name: str, setting: Setting, document: Document, seconds: float = SECONDS
) -> Verdict:
    """The verdict on one claim within ``seconds``. A definition is added to the setting."""
    setting.now = claim.places[0].line
    claim = balanced(claim, setting)
    return as_typed(_within_time(claim, name, setting, document, seconds), claim, document)


def _within_time(
    claim: Claim, name: str, setting: Setting, document: Document, seconds: float
) -> Verdict:
    blank = Verdict(name, claim.places, claim.latex, Status.UNREADABLE, "")
    if claim.error is not None:
        return unreadable(blank, claim, claim.error, document)
    clock = Clock(seconds)
    try:
        with limited(seconds) as clock:
            if claim.kind in LISTED:
                return _of_code(blank, claim, setting, document, clock)
            one = given_anew(setting, lambda c, s: _verdict(blank, c, s, document, clock))
            return softened(judged_as_item(claim, document, one), claim)
    except TimeUp:
        message = f"time ran out after {seconds:g} s: {clock.done}"
        return replace(blank, status=Status.UNDECIDED, message=message)
    except Unreadable as error:
        return unreadable(blank, claim, error, document)
    except LimitExceeded as error:
        return replace(blank, status=Status.UNDECIDED, message=f"too large: {error.message}")
    except (RecursionError, MemoryError) as error:
        message = f"too large to judge: {type(error).__name__}"
        return replace(blank, status=Status.UNDECIDED, message=message)


def _of_code(
    blank: Verdict, claim: Claim, setting: Setting, document: Document, clock: Clock
) -> Verdict:
    """The verdict on a statement of a listing, by the formula that it states."""
    said = stated(claim, setting)
    if isinstance(said, Said):
        return replace(blank, status=said.status, message=said.message)
    verdict = _verdict(blank, said, of_code(setting), document, clock)
    if (nearest := verdict.suggestion) is not None:  # no statement that could take its place
        right = f"{verdict.message}; right is {nearest.latex}"
        verdict = replace(verdict, message=right, suggestion=None)
    verdict = with_stand_ins(verdict, said.latex, setting)
    return replace(verdict, assumptions=(f"as a formula: {said.latex}", *verdict.assumptions))


def _verdict(
    blank: Verdict, claim: Claim, setting: Setting, document: Document, clock: Clock
) -> Verdict:
    found = as_meant(judge_readings(claim.text, setting, clock), claim.text, setting, clock)
    judged = open_without_context(found, claim.text, setting)
    clock.done = f"{judged.outcome.status}, {judged.outcome.message}"
    best, setting = judged.best, judged.setting
    outcome = with_smallest(judged.outcome, best, judged.text, setting, clock)
    verdict = replace(
        blank,
        status=outcome.status,
        message=placed(outcome.message, best.problem, claim, document),
        scope=outcome.scope,
        assumptions=best.assumptions,
        conditions=judged.conditions or outcome.conditions,
        evidence=outcome.evidence,
        parts=best.parts,
        counterexample=outcome.counterexample,
        foreign=may_be_foreign(best),
    )
    if best.statement is not None:
        verdict = replace(
            verdict,
            read_as=read_as(best.statement, setting.bench.fixed),
            target=_target(best.statement.target, setting.bench.model),
        )
    if not judged.placed and (stated := stated_by(best, setting)) is not None:
        verdict = replace(verdict, stated=(stated,))
    if best.introduced and len(judged.conditions) < 2:  # in the only reading
        setting.defined += as_defined(claim.text, setting.scope(best.convention))
    try:
        if outcome.status in ACCEPTED:
            if best.in_numbers is not None:
                return verdict
            return borne_out(verdict, best, judged.text, setting)
        return _repaired(verdict, judged, claim, setting, clock)
    except (TimeUp, MemoryError, RecursionError, LimitExceeded, Unreadable) as error:
        # The verdict stands; only what would have been said beside it is missing.
        missing = Evidence("more", "skipped", f"stopped early: {type(error).__name__}")
        return replace(verdict, evidence=(*verdict.evidence, missing))


def _repaired(
    verdict: Verdict, judged: Judged, claim: Claim, setting: Setting, clock: Clock
) -> Verdict:
    """The verdict with the nearest right formula, where one is found in time."""
    if judged.best.in_numbers is not None:
        meant = repaired_sum(claim.text, setting, judged.best)
        return replace(verdict, suggestion=meant or judged.best.in_numbers.suggestion(claim.text))
    if setting.others and verdict.foreign:
        return verdict
    problem = judged.best.problem
    mendable = verdict.status in (Status.REFUTED, Status.ILL_FORMED) or is_undeclared(problem)
    if not mendable or is_strange(problem, setting, judged.best):
        return verdict
    if (told := told_repair(judged.best, setting)) is not None:
        return replace(verdict, suggestion=told)
    named = any(e.method == TERMS for e in verdict.evidence)  # the wrong terms or cells were
    several = named and sum(p.status is Status.REFUTED for p in verdict.parts) > 1
    search = repair_several if several else repair_for_targets
    found = search(claim.text, setting, judged.best, share := setting.allowance.clock(clock))
    setting.allowance.spend(share.spent)
    how_far = f"{found.tried} edits tried" + ("" if found.whole else f", then {CUT_SHORT}")
    tried = Evidence("repair", "skipped" if found.suggestion is None else "agrees", how_far)
    mended = replace(verdict, suggestion=found.suggestion, evidence=(*verdict.evidence, tried))
    return with_meaning(mended, problem)


def _target(tensor: str | None, model: Model) -> str | None:
    base = None if tensor is None else adjoint_of(tensor)
    return tensor if base is None else f"∂{model.loss or 'L'}/∂{base}"
