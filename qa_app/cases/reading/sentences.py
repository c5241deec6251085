"""Every kind of problem that reading a case list reports, with its two sentences.

Why it is reported, and what was done.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What was found at a cell or row."""

    SPACES = "stray spaces"
    TEXT_DATE = "date as text"
    SERIAL_DATE = "date as number"
    UNREADABLE_DATE = "unreadable date"
    ERROR_CELL = "error cell"
    FORMULA = "formula"
    ID_AS_NUMBER = "reference as number"
    ID_LOST_ZEROS = "reference lost its zeros"
    ID_AMBIGUOUS = "reference unclear"
    ID_CLASH = "reference of two children"
    NO_REFERENCE = "no reference"
    LONG_TEXT = "text too long"
    TEAM_SPELLING = "team spelled another way"
    TEAM_UNKNOWN = "team not in the lookup"
    TEAM_FROM_LIST = "team from another list"
    TEAM_FROM_WORKER = "team from the worker"
    NO_TEAM = "no team"
    NO_TEAM_CLOSED = "no team, closed"
    NAME_SPELLING = "worker spelled another way"
    NAME_UNCLEAR = "worker unclear"
    WORKER_FROM_LIST = "worker from another list"
    NO_WORKER = "no worker"
    BLANK_ON_LIST = "blank on another list"
    OTHER_WORKER = "another worker on another list"
    DUPLICATE_KEPT = "repeated child, row kept"
    DUPLICATE_NOT_USED = "repeated child, row not used"
    DUPLICATE_ON_LIST = "repeated child on another list"
    NOT_IN_LIST_6 = "not in List 6"
    OTHER_BIRTH_DATE = "another date of birth on another list"
    STATUS_WORD_READ = "status word read"
    STATUS_FROM_LIST = "status from another list"
    STATUS_FIRST = "status that applies first"
    STATUS_OPEN_THOUGH_DATED = "open with a closure date"
    STATUS_CLOSED_THOUGH_OPEN = "closed with an open status"
    STATUS_CLOSED_WITHOUT_DATE = "closed without a date"
    STATUS_OPEN_THOUGH_CLOSED = "closed but open on another list"
    STATUS_NOT_BORNE_OUT = "status not borne out"
    STATUS_UNKNOWN = "unknown status"
    STATUS_UNKNOWN_CLOSED = "unknown status, closed"
    STATUS_NOT_ON_ITS_LIST = "status not on its list"
    STATUS_AMBIGUOUS = "ambiguous status"
    CARE_LEAVER = "care leaver on List 9"


_NOT_IMPORTED = "Not imported. "
_BLANK_TEAM = "The team is {self.written}."
_BLANK_WORKER = "The worker is {self.written}."
_STATUS = 'The status is "{self.written}"'

SENTENCES: dict[Kind, tuple[str, str]] = {
    Kind.SPACES: ("The text has stray spaces.", 'Read as "{self.used}".'),
    Kind.TEXT_DATE: ('The date is written as text: "{self.written}".', "Read, day first, as {self.used}."),
    Kind.SERIAL_DATE: ("The date is written as the number {self.written}.", "Read as Excel's day number: {self.used}."),
    Kind.UNREADABLE_DATE: (
        '"{self.written}" is not a date.',
        "Left out. Enter the date as DD/MM/YYYY and import again.",
    ),
    Kind.ERROR_CELL: ("The cell holds the error {self.written}.", "Read as blank."),
    Kind.FORMULA: (
        "The cell holds a formula: {self.written}",
        "Formulas are not worked out: read as blank. Paste the value.",
    ),
    Kind.ID_AS_NUMBER: ("The reference is stored as a number.", "Read as {self.used}."),
    Kind.ID_LOST_ZEROS: (
        "The reference became a number and lost its leading zeros: {self.written}.",
        "Read as {self.used}, as long as the other references in the file.",
    ),
    Kind.ID_AMBIGUOUS: (
        "The reference became a number, {self.written}, and may have lost leading zeros: it could be {self.used}.",
        _NOT_IMPORTED + "Enter the reference as text and import again.",
    ),
    Kind.ID_CLASH: (
        "Another row has this reference ({self.used}) with a different date of birth.",
        _NOT_IMPORTED + "Give each child their own reference, or correct the date of birth, and import again.",
    ),
    Kind.NO_REFERENCE: ("The row has no reference.", _NOT_IMPORTED + "Enter the child's unique ID and import again."),
    Kind.LONG_TEXT: ("The text is longer than {self.used} characters.", _NOT_IMPORTED + "Shorten it and import again."),
    Kind.TEAM_SPELLING: ('The team is spelled another way: "{self.written}".', 'Read as "{self.used}".'),
    Kind.TEAM_UNKNOWN: (
        'The team "{self.written}" is not in the team lookup.',
        _NOT_IMPORTED + "Add the team with its service to the lookup, or correct its name, and import again.",
    ),
    Kind.TEAM_FROM_LIST: (_BLANK_TEAM, "Taken from another list: {self.used}."),
    Kind.TEAM_FROM_WORKER: (_BLANK_TEAM, "All other cases of this worker are in one team: {self.used}."),
    Kind.NO_TEAM: (
        _BLANK_TEAM + " Neither another list nor the worker's other cases say which team it is.",
        _NOT_IMPORTED + "Enter the team and import again.",
    ),
    Kind.NO_TEAM_CLOSED: (_BLANK_TEAM, "The episode is closed: imported without a team."),
    Kind.NAME_SPELLING: ('The worker is spelled another way: "{self.written}".', 'Read as "{self.used}".'),
    Kind.NAME_UNCLEAR: (
        'The worker\'s name "{self.written}" cannot be matched to one full name in the team.',
        "Left as written.",
    ),
    Kind.WORKER_FROM_LIST: (_BLANK_WORKER, "Taken from another list: {self.used}."),
    Kind.NO_WORKER: (_BLANK_WORKER, "Imported without a worker."),
    Kind.BLANK_ON_LIST: ("The cell is {self.written}.", "Not needed here: {self.used}."),
    Kind.OTHER_WORKER: (
        "This list names {self.written}; List 6 names {self.used}.",
        "List 6 was followed. Correct the list that is out of date.",
    ),
    Kind.DUPLICATE_KEPT: ("The child has {self.written} rows on this list.", "This row was kept: {self.used}."),
    Kind.DUPLICATE_NOT_USED: (
        "The child has {self.written} rows on this list.",
        "This row was not used: {self.used}.",
    ),
    Kind.DUPLICATE_ON_LIST: ("The child has {self.written} rows on this list.", "Read as one case: {self.used}."),
    Kind.NOT_IN_LIST_6: (
        "The child is open on this list and has no usable row in List 6.",
        _NOT_IMPORTED + "Add or correct the child's row in List 6 and import again.",
    ),
    Kind.OTHER_BIRTH_DATE: (
        "The date of birth differs from the one in List 6, so this may be another child.",
        "This row was not used. Correct the reference or the date of birth.",
    ),
    Kind.STATUS_WORD_READ: (_STATUS + ", which is not one of Annex A's codes.", 'Read as "{self.used}".'),
    Kind.STATUS_FROM_LIST: (
        _STATUS + ", which is not known.",
        'The child is open on another list: read as "{self.used}".',
    ),
    Kind.STATUS_FIRST: (
        _STATUS + ", but the child is open on the list of another status.",
        'The first status that applies was taken: "{self.used}".',
    ),
    Kind.STATUS_OPEN_THOUGH_DATED: (
        _STATUS + ", but the row has the closure date {self.used}.",
        "Nothing else says that it closed: kept as open, the date left out.",
    ),
    Kind.STATUS_CLOSED_THOUGH_OPEN: (_STATUS + ", but the row has a closure date.", "Read as closed."),
    Kind.STATUS_CLOSED_WITHOUT_DATE: (
        _STATUS + ", but the row has no closure date.",
        "Read as closed, without a date.",
    ),
    Kind.STATUS_OPEN_THOUGH_CLOSED: (
        _STATUS + ", but there is no closure date and the child is open on another list.",
        'Read as "{self.used}".',
    ),
    Kind.STATUS_NOT_BORNE_OUT: (
        _STATUS + ", which is not one of Annex A's codes, and the rest of the workbook contradicts it.",
        _NOT_IMPORTED + "Enter the status as one of Annex A's codes and import again.",
    ),
    Kind.STATUS_UNKNOWN: (
        _STATUS + ", which is not known, and no other list says what it is.",
        _NOT_IMPORTED + "Enter the status as one of Annex A's codes and import again.",
    ),
    Kind.STATUS_UNKNOWN_CLOSED: (_STATUS + ", which is not known.", "The row has a closure date: read as closed."),
    Kind.STATUS_NOT_ON_ITS_LIST: (
        _STATUS + ", but the child is not open on the list for that status.",
        "Kept as written. Check which of the two lists is right.",
    ),
    Kind.STATUS_AMBIGUOUS: (
        _STATUS + ' and an assessment is open: it may mean "c) Child in need plan" or "d) Open assessment".',
        _NOT_IMPORTED + "Enter the status as one of Annex A's codes and import again.",
    ),
    Kind.CARE_LEAVER: (_STATUS + ", and the child is on List 9.", "Read as a care leaver."),
}
