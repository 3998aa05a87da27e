"""One claim under one convention: read, checked for ranges, judged link by link."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.equations import adjoint_of
from derive.errors import IllFormed, LimitExceeded, Problem
from derive.expr import accesses
from derive.reading.partials import restored_signs
from derive.reading.problems import Foreign, Undeclared, Unsupported
from derive.reading.reals import is_membership
from derive.reading.statement import Statement
from derive.reading.surface import Span
from derive.reading.totals import SUMMED
from verify.at_places import AtPlace, at_place
from verify.choices import judge_size
from verify.claim import (
    identities,
    is_open_gradient,
    left_out,
    link_texts,
    reassigns,
    sentence_of,
)
from verify.compare import Identity, Outcome
from verify.entries_held import at_entries
from verify.expansion.outcome import Told
from verify.initial_laws import judge_distribution
from verify.ladder import all_rungs
from verify.left_out_signs import left_out_signs
from verify.link import INTRODUCES, Judge, judge_links
from verify.looked_at import looked_at
from verify.memberships import judge_membership
from verify.numbers.chains import InNumbers
from verify.numbers.claims import Plain, judge_numbers, may_hold_for_all
from verify.numbers.places import values_of
from verify.numbers.quantities import as_it_is, with_conditions
from verify.numbers.sides import shows_decimals, shows_numbers, shows_tables
from verify.odd_cells import odd_cells_told
from verify.other_readings import other_reading
from verify.provisos_met import with_provisos_met
from verify.ranges import strays
from verify.setting import Convention, Setting, said
from verify.stated_ranges import within_ranges
from verify.stated_sizes import stated_size
from verify.stated_too_far import stated_shorter
from verify.stray_words import excusing, stray_text
from verify.understood import Understood, every_tensor, understood
from verify.verdict import ACCEPTED, Evidence, Part, Status, Suggestion

_ORDER = (
    Status.REFUTED, Status.ILL_FORMED, Status.UNREADABLE, Status.UNDECIDED, Status.CONFIRMED,
    Status.PROVED, Status.DEFINITION,
)  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    """What came of a claim under ``convention``.

    ``stray`` are the reads out of range that no declaration excuses; ``problem`` is why it could
    not be read. ``windows`` are tensors that would have to be zero outside for the reads to mean
    something; ``introduced`` says that the formula gave a new symbol its meaning, or a
    tensor its value; ``in_numbers`` is there where digits were compared; ``alone`` are terms and
    cells of which more than one is wrong.
    """

    convention: Convention
    outcome: Outcome
    statement: Statement | None = None
    identities: tuple[Identity, ...] = ()
    parts: tuple[Part, ...] = ()
    assumptions: tuple[str, ...] = ()
    problem: Problem | None = None
    windows: frozenset[str] = frozenset()
    introduced: bool = False
    in_numbers: InNumbers | None = None
    suggestion: Suggestion | None = None
    alone: tuple[Span, ...] = ()

    @property
    def accepted(self) -> bool:
        """True where nothing is wrong under this convention."""
        return self.outcome.status in ACCEPTED


def attempt(
    text: str, setting: Setting, convention: Convention, judge: Judge = all_rungs
) -> Attempt:
    """Judge ``text`` under ``convention``, its links by ``judge``.

    Raises `Undeclared` where a symbol needs a reading first, `Unreadable` for what cannot be
    parsed; everything else becomes an outcome.
    """
    try:
        if (place := at_place(text, setting, convention)) is not None:
            return _at_place(place, convention, judge)
        if is_membership(sentence_of(text)):
            size = judge_membership(sentence_of(text), setting, convention)
            named = bool(size.letters)
            return Attempt(convention, size.outcome, assumptions=size.assumptions, introduced=named)
        if shows_numbers(sentence_of(text)):
            return _by_digits(text, setting, convention, judge)
        return _by_symbols(text, setting, convention, judge)
    except Undeclared:
        found = _otherwise(text, setting, convention, judge)
        if found is None:
            raise
        return found
    except Unsupported as problem:
        odd = odd_cells_told(text, setting.scope(convention)) if judge is all_rungs else ()
        outcome = Outcome(Status.UNDECIDED, problem.message)
        return Attempt(convention, outcome, assumptions=odd, problem=problem)
    except LimitExceeded as problem:
        message = f"too large to judge: {problem.message}"
        return Attempt(convention, Outcome(Status.UNDECIDED, message), problem=problem)
    except IllFormed as problem:
        outcome = Outcome(Status.ILL_FORMED, _told(problem))
        signs = _signs(text, setting, convention) if judge is all_rungs else ()
        told = Attempt(convention, outcome, assumptions=signs, problem=problem)
        return _otherwise(text, setting, convention, judge) or told


def _signs(text: str, setting: Setting, convention: Convention) -> tuple[str, ...]:
    """What was put back in derivatives that are no sense all the same."""
    try:
        return restored_signs(sentence_of(text).nodes, setting.scope(convention))
    except Problem:
        return ()


def _at_place(place: AtPlace, convention: Convention, judge: Judge) -> Attempt:
    """A formula with values at a place, judged there; what is shown without point is exact."""
    sentence = sentence_of(place.text)
    judge = at_entries(judge, place.held) if place.held else judge
    by = _by_digits if shows_numbers(sentence) and shows_decimals(sentence) else _by_symbols
    tried = by(place.text, place.setting, convention, judge)
    outcome = place.outcome(tried.outcome, tried.statement)
    links = () if place.held else tried.identities
    said = (*tried.assumptions, *place.notes)
    return replace(tried, outcome=outcome, assumptions=said, identities=links)


def _otherwise(text: str, setting: Setting, convention: Convention, judge: Judge) -> Attempt | None:
    """What cannot be read of the model in another way, where there is one."""

    def asked(part: str) -> Plain | None:
        tried = attempt(part, setting, convention, judge)
        return None if isinstance(tried.problem, Foreign) else Plain(tried.outcome)

    def plain(part: str) -> Plain:
        try:
            tried = attempt(part, setting, convention, judge)
        except Undeclared as problem:
            return Plain(Outcome(Status.UNDECIDED, _told(problem)), problem=problem)
        right = tried.in_numbers.right if tried.in_numbers is not None else ()
        return Plain(tried.outcome, False, None, tried.assumptions, tried.problem, right)

    found = other_reading(text, setting, convention, plain, asked)
    if found is None:
        return None
    return Attempt(
        convention, found.outcome, None, (), found.parts, found.assumptions,
        introduced=found.introduces, suggestion=found.suggestion, problem=found.problem,
    )  # fmt: skip


def _by_symbols(text: str, setting: Setting, convention: Convention, judge: Judge) -> Attempt:
    """A formula without numbers, by the ladder. Raises what reading raises."""
    known = understood(text, setting, convention)
    scope, read = known.scope, known.statement
    if reassigns(read):
        given = Outcome(Status.DEFINITION, "gives a symbol of the deck its value")
        sized = stated_size(read, setting)
        return Attempt(convention, sized or given, introduced=sized is None)
    tried = _judged(known, text, setting, convention, judge)
    if judge is all_rungs:
        tried = _by_terms(tried, looked_at(tried.outcome, known, text, setting.bench))
    tensors = {a.tensor for side in read.sides for a in accesses(side.body)}
    met = with_provisos_met(tried.outcome, read, setting.bench)
    met = _of_numbers(met, read, setting)
    outcome, stated = within_ranges(met, read, tried.identities, setting)
    tried = replace(tried, outcome=outcome, assumptions=(*tried.assumptions, *stated))
    notes = (*read.assumptions, *left_out(read, scope), *said(convention, tensors, scope))
    notes = (*notes, *left_out_signs(text), *known.excused, *_logarithm(text, setting))
    notes = tuple(dict.fromkeys((*notes, *tried.assumptions)))
    asked = is_open_gradient(read, (r.declaration for r in convention.declared))
    return replace(tried, assumptions=notes, introduced=known.introduced or asked)


def _of_numbers(outcome: Outcome, read: Statement, setting: Setting) -> Outcome:
    """A sum that is left out does not make the loss of another sheet wrong."""
    if outcome.status is not Status.REFUTED or not (setting.others and SUMMED in read.assumptions):
        return outcome
    message = "an array is shown for the loss, and its sum is not the loss"
    return replace(outcome, status=Status.UNDECIDED, message=message, counterexample=None)


def _by_terms(tried: Attempt, found: Told) -> Attempt:
    """The attempt with what is told of the terms and cells that it displays."""
    return replace(
        tried,
        outcome=found.outcome,
        parts=(*tried.parts, *found.parts),
        assumptions=(*tried.assumptions, *found.notes),
        suggestion=found.suggestion or tried.suggestion,
        alone=found.alone,
    )


def _by_digits(text: str, setting: Setting, convention: Convention, judge: Judge) -> Attempt:
    """A formula that shows numbers; its links without any are judged as ever."""

    def ladder(part: str) -> Plain:
        tried = _by_symbols(part, setting, convention, judge)
        return Plain(tried.outcome, tried.introduced, tried.statement)

    sentence = sentence_of(text)
    explain = with_conditions if judge is all_rungs else as_it_is
    found = judge_numbers(text, sentence, setting, convention, ladder, explain)
    identity = may_hold_for_all(sentence, found)
    general = found.valueless or (found.reads and (identity or not values_of(setting).arrays))
    if general and not shows_tables(sentence):
        tried = _by_symbols(text, setting, convention, judge)
        if tried.accepted or (found.valueless and identity):
            return tried
    read = found.reads or found.outcome.status is not Status.DEFINITION
    return Attempt(
        convention, found.outcome, found.statement if read else None, (), found.parts,
        (*found.assumptions, *_logarithm(text, setting)),
        introduced=found.introduced,
        in_numbers=replace(found, settled=not general or shows_tables(sentence)),
    )  # fmt: skip


def _logarithm(text: str, setting: Setting) -> tuple[str, ...]:
    r"""That ``\log`` was taken for the natural logarithm, where nothing declares it."""
    declared = r"\log" in {*setting.bench.model.functions, *setting.context.functions}
    read = r"\log" in text and r"\log_" not in text and not declared
    return ("log is the natural logarithm",) if read else ()


def _told(problem: Problem) -> str:
    """The problem without its place, which the verdict has."""
    text = problem.message
    if problem.expected:
        text += f"; expected {problem.expected}"
    return f"{text} ({problem.advice})" if problem.advice else text


def _judged(
    known: Understood, text: str, setting: Setting, convention: Convention, judge: Judge
) -> Attempt:
    read, scope = known.statement, known.scope
    tensors = every_tensor(setting.bench.fixed.tensors)
    if found := known.strays:
        message = stray_text(found[0], scope)
        evidence = (Evidence("ranges", "differs", message),)
        outcome = Outcome(Status.ILL_FORMED, message, None, evidence)
        own = {s.access for s in strays(read.sides[0].body, tensors)}
        excusable = [s for s in found if s.access not in own]
        windows = excusing(excusable, scope, setting) if not own else frozenset()
        shorter = stated_shorter(found, read, text) if own else None
        return Attempt(convention, outcome, read, windows=windows, suggestion=shorter)
    if read.kind == "size":
        return Attempt(convention, judge_size(read, scope), read)
    if read.kind == "distribution":
        return Attempt(convention, judge_distribution(read, setting.bench.model), read)
    links = identities(read, tensors)
    names_something = known.introduced or (_is_gradient(read) and read.kind == "equation")
    if names_something and all(link.trivial for link in links):
        return Attempt(convention, Outcome(Status.DEFINITION, INTRODUCES), read, links)
    return _chain(read, links, text, setting, convention, judge)


def _chain(
    read: Statement,
    links: tuple[Identity, ...],
    text: str,
    setting: Setting,
    convention: Convention,
    judge: Judge,
) -> Attempt:
    """Every link of a chain; the first wrong one speaks for the whole."""
    outcomes = judge_links(links, setting, judge)
    whats = link_texts(read, text)
    parts = tuple(Part(what, o.status, o.message) for what, o in zip(whats, outcomes, strict=False))
    worst = min(outcomes, key=lambda o: _ORDER.index(o.status))
    if len(outcomes) > 1 and worst.status not in ACCEPTED:
        place = outcomes.index(worst)
        worst = replace(worst, message=f"{whats[place]}: {worst.message}")
    elif len(outcomes) > 1:
        evidence = tuple(e for o in outcomes for e in o.evidence)
        worst = replace(worst, evidence=tuple(dict.fromkeys(evidence)))
    return Attempt(convention, worst, read, links, parts if len(parts) > 1 else ())


def _is_gradient(read: Statement) -> bool:
    return read.target is not None and adjoint_of(read.target) is not None
