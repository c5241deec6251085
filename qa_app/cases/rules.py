"""Pure decisions about a case list: what a status word means, and which status a child has when the lists disagree.

Source: Ofsted's Annex A guidance. Open = status a) to d) and no closure date; where several statuses apply the first
wins. The words that authorities write instead of the codes are those met in their files. A word outside both lists is
never guessed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from qa_app.cases.states import Status

STATUS_WORDS: dict[str, Status] = {
    **dict.fromkeys(
        ("looked after child", "looked after", "lac", "cla", "cla&cp", "cla&cpp", "lac&cp", "child in care", "cic"),
        Status.LOOKED_AFTER,
    ),
    **dict.fromkeys(
        ("child protection plan", "child protection", "cp", "cpp", "cp plan", "cp ext"),
        Status.PROTECTION_PLAN,
    ),
    **dict.fromkeys(
        ("child in need plan", "child in need", "cin", "cin plan"),
        Status.CHILD_IN_NEED_PLAN,
    ),
    **dict.fromkeys(
        ("open assessment", "open asmt", "assessment", "cf assessment in progress"),
        Status.OPEN_ASSESSMENT,
    ),
    **dict.fromkeys(
        ("closed episode", "closed", "care leaver", "closed - stepdown", "closed case"),
        Status.CLOSED,
    ),
}
"""Each word of List 6's status column, in lower case without spaces around "&", and the code it stands for."""

_CODES = {status.value[0]: status for status in Status if status is not Status.CARE_LEAVER}
_CODED = re.compile(r"^([a-e])\s*[).:-]\s*(.*)$")


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A status as written: what it stands for (None: not known), and whether it is one of Ofsted's codes."""

    status: Status | None
    coded: bool


def status_word(text: str, aliases: dict[str, Status] | None = None) -> StatusWord:
    """What a status text (already tidy) stands for. `aliases` are an authority's own words, in lower case.

    They come first.
    """
    word = re.sub(r"\s*&\s*", "&", text.casefold())
    if aliases and word in aliases:
        return StatusWord(aliases[word], False)
    coded = _CODED.match(word)
    if coded:
        status = _CODES[coded[1]]
        if not coded[2] or STATUS_WORDS.get(coded[2]) is status:
            return StatusWord(status, True)
        return StatusWord(None, False)
    return StatusWord(_CODES.get(word) or STATUS_WORDS.get(word), word in _CODES)


class Finding(StrEnum):
    """What was found out about a child's status where it was not simply as written.

    Each has its sentence in the report.
    """

    WORD_READ = "word read"
    FROM_OTHER_LIST = "from other list"
    FIRST_THAT_APPLIES = "first that applies"
    OPEN_THOUGH_DATED = "open though dated"
    CLOSED_THOUGH_OPEN = "closed though open"
    CLOSED_WITHOUT_DATE = "closed without date"
    OPEN_THOUGH_CLOSED = "open though closed"
    NOT_BORNE_OUT = "not borne out"
    UNKNOWN_WORD = "unknown word"
    NOT_ON_ITS_LIST = "not on its list"
    CLOSED_UNKNOWN_WORD = "closed, unknown word"
    AMBIGUOUS_WORD = "ambiguous word"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rest of the row and the other lists say about a child.

    None: the column or list is absent, so it cannot say.

    `in_care`, `on_plan`, `in_assessment`: open on List 8, 7, 4. `seen_later`: last seen after the closure date.
    """

    closure_date: bool
    closure_reason: bool | None = None
    seen_later: bool = False
    in_care: bool | None = None
    on_plan: bool | None = None
    in_assessment: bool | None = None

    @property
    def open_status(self) -> Status | None:
        """The status that List 8 or else List 7 proves: Annex A's first that applies."""
        if self.in_care:
            return Status.LOOKED_AFTER
        return Status.PROTECTION_PLAN if self.on_plan else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A child's status (None: cannot be known, so the row cannot be used) and what is to be reported about it."""

    status: Status | None
    findings: tuple[Finding, ...] = ()


def settle_status(word: StatusWord, file_uses_codes: bool, evidence: Evidence) -> Verdict:
    """A child's status from the word in List 6 and everything else that the workbook says.

    A word that is not Ofsted's code is trusted where the file is written in such words; in a file of codes it is out of
    place, and must be borne out by the other lists. Closure needs two signs of three: the status, the date, the reason.
    Where status and date alone disagree and no reason column exists, Annex A's definition decides: a closure date
    closes.
    """
    trusted = word.coded or not file_uses_codes
    if word.status is Status.CLOSED:
        return _stated_closed(evidence, trusted)
    if word.status is None:
        return _unknown(evidence)
    if evidence.closure_date:
        if evidence.closure_reason or not _shown_open(evidence):
            return Verdict(Status.CLOSED, (Finding.CLOSED_THOUGH_OPEN,))
        verdict = _open_status(word.status, evidence, trusted)
        return Verdict(verdict.status, (Finding.OPEN_THOUGH_DATED, *verdict.findings))
    return _open_status(word.status, evidence, trusted)


def _shown_open(evidence: Evidence) -> bool:
    return evidence.closure_reason is False or evidence.seen_later or evidence.open_status is not None


def _stated_closed(evidence: Evidence, trusted: bool) -> Verdict:
    as_read = () if trusted else (Finding.WORD_READ,)
    if evidence.closure_date:
        return Verdict(Status.CLOSED, as_read)
    if evidence.closure_reason:
        return Verdict(Status.CLOSED, (*as_read, Finding.CLOSED_WITHOUT_DATE))
    if evidence.open_status:
        return Verdict(evidence.open_status, (Finding.OPEN_THOUGH_CLOSED,))
    if trusted or evidence.closure_reason is None:
        return Verdict(Status.CLOSED, (*as_read, Finding.CLOSED_WITHOUT_DATE))
    return Verdict(None, (Finding.NOT_BORNE_OUT,))


def _unknown(evidence: Evidence) -> Verdict:
    if evidence.closure_date and evidence.closure_reason is not False:
        return Verdict(Status.CLOSED, (Finding.CLOSED_UNKNOWN_WORD,))
    if evidence.open_status:
        return Verdict(evidence.open_status, (Finding.FROM_OTHER_LIST,))
    return Verdict(None, (Finding.UNKNOWN_WORD,))


def _open_status(stated: Status, evidence: Evidence, trusted: bool) -> Verdict:
    proved = evidence.open_status
    as_read = () if trusted else (Finding.WORD_READ,)
    if proved is stated:
        return Verdict(stated, as_read)
    if proved and (proved is Status.LOOKED_AFTER or stated is not Status.LOOKED_AFTER or not trusted):
        return Verdict(proved, (Finding.FIRST_THAT_APPLIES,))
    return _unproved(stated, evidence, trusted, as_read)


def _unproved(stated: Status, evidence: Evidence, trusted: bool, as_read: tuple[Finding, ...]) -> Verdict:
    """No list proves the status: kept where it is trusted, and where nothing that should show it is silent."""
    borne_out = {
        Status.LOOKED_AFTER: evidence.in_care,
        Status.PROTECTION_PLAN: evidence.on_plan,
        Status.OPEN_ASSESSMENT: evidence.in_assessment,
    }.get(stated)
    if trusted:
        missing = borne_out is False and stated is not Status.OPEN_ASSESSMENT
        return Verdict(stated, (Finding.NOT_ON_ITS_LIST,) if missing else ())
    if stated is Status.CHILD_IN_NEED_PLAN and evidence.in_assessment:
        return Verdict(None, (Finding.AMBIGUOUS_WORD,))
    if borne_out is False:
        return Verdict(None, (Finding.NOT_BORNE_OUT,))
    return Verdict(stated, as_read)
