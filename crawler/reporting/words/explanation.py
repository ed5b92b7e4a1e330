"""The explanation of one link in plain words: what its visits saw, how they counted, what would change the verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.model.decision import HOST_SKIPPED, URL_EXCLUDED, Decision, DecisionCode
from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.reference import Reference
from crawler.model.verdict import HOST_ASKS_TO_WAIT, VerdictKind
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.visit_words import answer, would_change_file
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import as_utc, date_in_words, time_in_words
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.confirmation import Confirmation, until_broken, until_dead
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.verdicts import SERVER_ERRORS, Step, is_server_error, trace

_NARROWEST = 60
_LABEL = len("Would change  ")
_RUNS_SHOWN = 30
_REFERENCES_SHOWN = 50
_TEXT_LIMIT = 300
_URL_LIMIT = 4_000
_HOUR = timedelta(hours=1)
_EXCLUDED_UNTIL = {
    DecisionCode.NOT_BROKEN.value: (
        "Other evidence makes it broken again: another kind of failure, or a failure after a success."
    ),
    HOST_SKIPPED: "Only another rule for its host in .linkhealth.yml changes that.",
    URL_EXCLUDED: "Only its rule under exclude_urls in .linkhealth.yml changes that.",
    DecisionCode.IGNORED.value: "From then on it is visited and judged as before.",
}
_DEFINITE = "a domain that no longer exists, 404, 410, a “not found” page, a parked domain"


@dataclass(frozen=True, slots=True)
class Case:
    """A link with everything that its explanation needs.

    `steps` trace its history by `policy`; `missing` is what `dead` still needs after them.
    `references` are the articles' own, `related` counts the others. `now` is aware. `decision` is an
    editor's, whether or not it still holds. `host_rule` is what the configuration says of the link's host, in clauses.
    """

    link: Link
    steps: tuple[Step, ...]
    missing: Confirmation | None
    now: datetime
    policy: StrikePolicy
    decision: Decision | None = None
    references: tuple[Reference, ...] = ()
    related: int = 0
    host_rule: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        link: Link,
        history: Sequence[Observation],
        decision: Decision | None,
        now: datetime,
        policy: StrikePolicy,
    ) -> Case:
        """The case of a link with its history, oldest first, and without its references."""
        steps = trace(history, policy)
        return cls(link, steps, until_dead(steps, now, policy), now, policy, decision)

    @property
    def is_of_file(self) -> bool:
        """Whether the link is an image file of the collection."""
        return bool(self.steps) and self.steps[-1].visits[-1].is_of_file

    @property
    def decided(self) -> Decision | None:
        """The editor's decision if the verdict follows from it."""
        found = self.decision
        return found if found is not None and found.code == self.link.verdict.reason else None


def in_short(case: Case) -> str:
    """The explanation in two sentences: the verdict, since when, its rule and evidence and the strikes;
    then what would change it and when the next check is due. Safe for a terminal."""
    verdict, seen = case.link.verdict, _decisive(case)
    since = f" since {date_in_words(verdict.since)}" if verdict.since else ""
    if case.decided is not None:
        since, because = "", _lower(_decision(case.decided, holds=True))
    elif seen is not None and verdict.kind is not VerdictKind.EXCLUDED:
        because = f"{answer(seen)} on {time_in_words(seen.at)}"
    else:
        because = _lower(explain(verdict.reason).meaning).removesuffix(".")
    counted = f" (strikes: {_strike_count(case)}{_look_count(case)})" if case.missing else ""
    change, due = next(_would_change(case)).removesuffix("."), next(_next_check(case))
    return (
        f"{verdict.kind.value.capitalize()}{since} by the rule {printable(verdict.rule)}: "
        f"{because}{counted}. {change}; next check: {due}."
    )


def explanation_lines(case: Case, width: int) -> list[str]:
    """The explanation, no line longer than `width` (at least 60) but for a URL or another long word.

    Safe for a terminal: all outside text is escaped.
    """
    width = max(width, _NARROWEST)
    sections = (
        ("In short", iter([in_short(case)])),
        ("Verdict", _verdict(case)),
        ("Evidence", _evidence(case)),
        ("Strikes", _strikes(case)),
        ("Would change", _would_change(case)),
        ("Next check", _next_check(case)),
        ("Host rule", (f"{printable(said, _TEXT_LIMIT)}." for said in case.host_rule)),
        ("History", _history(case.steps)),
        ("Stands in", _places(case)),
    )
    lines = [printable(case.link.url, _URL_LIMIT) or "(an empty address)", ""]
    for label, texts in sections:
        margin = f"{label:<{_LABEL}}"
        for text in texts:
            lines += textwrap.wrap(
                text,
                width,
                initial_indent=margin,
                subsequent_indent=" " * _LABEL,
                break_long_words=False,
                break_on_hyphens=False,
            )
            margin = " " * _LABEL
    return lines


def _verdict(case: Case) -> Iterator[str]:
    verdict = case.link.verdict
    since = f", since {time_in_words(verdict.since)}" if verdict.since else ""
    kind, words = explain(verdict.kind.value), explain(verdict.reason)
    yield f"{verdict.kind.value}{since}. {kind.meaning}"
    said = "" if words.meaning == kind.meaning else f": {words.meaning}"
    yield f"Reason {printable(verdict.reason)}{said}"
    yield f"Decided by the rule {printable(verdict.rule)}."
    if case.decision is not None:
        yield _decision(case.decision, case.decided is not None)
    yield f"What to do: {words.advice}"
    for code in verdict.warnings:
        yield f"Warning {code.value}: {explain(code.value).meaning}"
    if verdict.suggestion is not None:
        yield f"Suggested in its place: {printable(verdict.suggestion.value, _URL_LIMIT)}"


def _decision(decision: Decision, holds: bool) -> str:
    """A decision in a sentence: what, when, why, and how long it counts."""
    if decision.place is not None:
        return _configured(decision, holds=holds)
    decided_at = time_in_words(decision.decided_at)
    note = f"“{printable(decision.note, _TEXT_LIMIT)}”"
    if decision.until is not None:
        until = time_in_words(decision.until)
        left_out = f"An editor left it out on {decided_at} until {until}: {note}"
        return left_out if holds else f"{left_out}. That is over."
    evidence = f" ({printable(decision.against.reason)})" if decision.against else ""
    not_broken = f"An editor said on {decided_at} that it is not broken{evidence}: {note}"
    return not_broken if holds else f"{not_broken}. The evidence is no longer the same."


def _configured(decision: Decision, *, holds: bool) -> str:
    """What the configuration says of an address, in a sentence."""
    until = f" until {time_in_words(decision.until)}" if decision.until is not None else ""
    owner = f", for {printable(decision.owner, _TEXT_LIMIT)}" if decision.owner else ""
    note = f"“{printable(decision.note, _TEXT_LIMIT)}”"
    verb = "leaves" if holds else "left"
    said = f"The configuration ({decision.place}) {verb} it out{until}{owner}: {note}"
    return said if holds else f"{said}. That is over."


def _decisive(case: Case) -> Observation | None:
    """The visit that decided the verdict; None where there was no visit."""
    visits = [seen for step in case.steps for seen in step.visits]
    against = case.decided.against if case.decided else None
    reason = against.reason if against else case.link.verdict.reason
    last = visits[-1] if visits else None
    return next((seen for seen in reversed(visits) if _is_for(reason, seen)), last)


def _evidence(case: Case) -> Iterator[str]:
    decisive = _decisive(case)
    if decisive is None:
        yield "It has not been visited."
        return
    yield f"{time_in_words(decisive.at)}: {answer(decisive)}."
    for hop in decisive.hops:
        yield f"{hop.status} from {printable(hop.url, _URL_LIMIT)}"
    if decisive.final_url is not None and (decisive.hops or decisive.final_url != case.link.url):
        yield f"ended at {printable(decisive.final_url, _URL_LIMIT)}"
    if decisive is not case.steps[-1].visits[-1] and case.link.verdict.kind.is_gone:
        yield "What was seen later says nothing of the page, so this evidence stands."


def _is_for(reason: str, seen: Observation) -> bool:
    finding = find(seen)
    return finding.reason == reason or (reason == SERVER_ERRORS and is_server_error(finding))


def _strikes(case: Case) -> Iterator[str]:
    strikes = case.steps[-1].strikes if case.steps else ()
    if case.missing is None or not strikes:
        yield "none"
        return
    last = f", the last {time_in_words(strikes[-1].at)}" if len(strikes) > 1 else ""
    first = time_in_words(strikes[0].at)
    yield f"{_strike_count(case)}: the first {first}{last}"
    if case.missing.looks_needed:
        yield _looks(case.missing, "What failed may pass")


def _strike_count(case: Case) -> str:
    assert case.missing is not None
    return f"{case.missing.strikes}, and dead needs {case.missing.needed}"


def _look_count(case: Case) -> str:
    missing = case.missing
    if missing is None or not missing.looks_needed:
        return ""
    return f"; failed checks: {missing.looks} of {missing.looks_needed}"


def _looks(missing: Confirmation, because: str) -> str:
    return (
        f"{because}, so that failed checks count too: {missing.looks}, of {missing.looks_needed} "
        "that are needed."
    )


def _would_change(case: Case) -> Iterator[str]:
    verdict, policy = case.link.verdict, case.policy
    match verdict.kind:
        case VerdictKind.EXCLUDED:
            yield _EXCLUDED_UNTIL.get(
                verdict.reason, "Only another address in the file, or another rule, changes that."
            )
        case _ if case.is_of_file:
            yield from would_change_file(verdict.kind)
            yield from _until_dead(case.missing)
        case VerdictKind.DEAD:
            yield "Any success makes it alive again."
            yield "More failures leave it dead."
        case VerdictKind.INVALID:
            yield "Only another address in the file changes that."
        case VerdictKind.BROKEN if verdict.reason == SERVER_ERRORS:
            yield "Any success makes it alive."
            yield "Server errors alone never make it dead."
            yield f"Other evidence makes it broken for its own reason: {_DEFINITE}."
            yield from _until_dead(case.missing)
        case VerdictKind.BROKEN if case.missing is None:
            yield "Any success makes it alive."
        case VerdictKind.BROKEN:
            yield from _until_dead(case.missing)
        case VerdictKind.UNVERIFIABLE if verdict.reason == HOST_ASKS_TO_WAIT:
            yield "Its first visit decides, as soon as the site allows one."
            yield (
                "While the site answers none of a run's requests, it is asked again after as long as the link has "
                "waited, at most 90 days. A longer delay for it under hosts in .linkhealth.yml may help."
            )
        case VerdictKind.UNVERIFIABLE:
            yield from _until_dead(case.missing)
            yield "The page itself, with no barrier before it, makes it alive."
            yield f"Definite evidence makes it broken: {_DEFINITE}."
            yield from _until_broken(case)
        case _:
            yield f"Definite evidence makes it broken: {_DEFINITE}."
            yield (
                f"It is dead after {policy.strikes} failed checks ({policy.strikes_definite} where "
                "the server says “gone for good” or the domain does not exist), each "
                f"{_length(policy.apart)} or more after the one before, over "
                f"{_length(policy.span)} or more."
            )
            yield (
                f"Where no connection comes about it takes {policy.looks} failed checks over "
                f"{_length(policy.passing_span)} or more. Nothing but server errors (5xx) for "
                f"{_length(policy.server_errors)} make it broken, never dead."
            )


def _until_broken(case: Case) -> Iterator[str]:
    """What is missing before server errors alone make the link broken."""
    missing = until_broken(case.steps, case.now, case.policy)
    if missing is None:
        return
    yield f"The server has given errors of its own since {time_in_words(missing.since)}."
    yield _looks(missing, "They may pass")
    yield from _still_needed(missing, VerdictKind.BROKEN)


def _until_dead(missing: Confirmation | None) -> Iterator[str]:
    if missing is None:
        return
    yield from _still_needed(missing, VerdictKind.DEAD)
    yield "Any success makes it alive, and the strikes begin anew."


def _still_needed(missing: Confirmation, kind: VerdictKind) -> Iterator[str]:
    when = time_in_words(missing.not_before)
    if missing.checks == 1:
        yield f"One more failed check, not before {when}, makes it {kind.value}."
    else:
        yield (
            f"{missing.checks} more failed checks, each {_length(missing.apart)} or more after the "
            f"one before, make it {kind.value}: the first of them counts from "
            f"{time_in_words(missing.next_from)}, the last not before {when}."
        )


def _next_check(case: Case) -> Iterator[str]:
    due = case.link.due_at
    if case.is_of_file:
        yield "the next run: each looks at the files of the collection"
    elif due is None or case.link.verdict.kind is VerdictKind.INVALID:
        yield "never"
    elif as_utc(due) <= as_utc(case.now):
        yield "the next run, since it is due"
    else:
        yield f"the first run after {time_in_words(due)}"


def _history(steps: Sequence[Step]) -> Iterator[str]:
    if not steps:
        yield "no visits"
        return
    if len(steps) > _RUNS_SHOWN:
        yield f"… {len(steps) - _RUNS_SHOWN:,} earlier runs"
    for index in range(max(0, len(steps) - _RUNS_SHOWN), len(steps)):
        step, before = steps[index], steps[index - 1] if index else None
        for seen in step.visits:
            yield f"{time_in_words(seen.at)}: {answer(seen)}; {_counted(seen, step, before)}."


def _counted(seen: Observation, step: Step, before: Step | None) -> str:
    """How one visit counted, and the verdict after its run if the run changed it."""
    finding = find(seen)
    if finding != step.finding:
        return "it did not count, because the same run saw better evidence"
    match finding.outcome:
        case Outcome.ALIVE | Outcome.MOVED:
            worth = "it counted as a success"
            if before is not None and before.strikes:
                worth += ", and the strikes before it no longer count"
        case Outcome.GONE | Outcome.FAILING if step.is_strike:
            worth = f"it counted as strike {len(step.strikes)}"
        case Outcome.GONE | Outcome.FAILING:
            worth = "it failed too soon after the last strike to be another"
            if before is not None and step.failures.looks > before.failures.looks:
                worth += f", and counted as failed check {step.failures.looks}"
        case Outcome.IMPOSSIBLE:
            worth = "no such visit can be made"
        case Outcome.SAYS_NOTHING if is_server_error(finding):
            worth = f"it is no strike; server errors are counted apart, {step.errors.looks} so far"
        case _:
            worth = f"it counted for nothing ({finding.reason})"
    kind = step.verdict.kind
    return (
        worth if before is not None and before.verdict.kind is kind else f"{worth} → {kind.value}"
    )


def _places(case: Case) -> Iterator[str]:
    for reference in case.references[:_REFERENCES_SHOWN]:
        pointer = printable(reference.pointer, _TEXT_LIMIT)
        yield f"{printable(reference.path)}:{reference.line} {pointer}"
    more = len(case.references) - _REFERENCES_SHOWN
    if more > 0:
        yield f"… {more:,} more of the articles themselves"
    if case.related:
        places = "place" if case.related == 1 else "places"
        yield f"{case.related:,} {places} of related articles"
    if not case.references and not case.related:
        yield "no article any more"


def _lower(sentence: str) -> str:
    """The sentence with a small first letter, to be a part of another."""
    return sentence[:1].lower() + sentence[1:]


def _length(time: timedelta) -> str:
    """`72 hours`, `7 days`, `10.5 days`."""
    hours = time / _HOUR
    if hours > 3 * 24 and hours % 12 == 0:
        return f"{hours / 24:,g} days"
    return f"{hours:g} hours"
