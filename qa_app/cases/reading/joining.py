"""Joins the lists: a child on several lists is one case. List 6 decides; the other lists fill what it leaves out.

Rules, in this order, each reported where it acts:
- Repeated rows of a child: the row that another list agrees with; else the only one with team and worker; else the
  first.
- Status: `rules.settle_status`.
- Team left blank: from another list of the child that names the same worker; else the only team of the worker; else the
  one team that the child's other lists name; else an open case cannot be used.
- Worker left blank: the one that the child's other lists name in the same team; else none.
- List 9 adds the care leavers who have no open case in List 6.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from qa_app.cases.reading.case_list import ListedCase, Problem, Report
from qa_app.cases.reading.layout import ASSESSMENT_LIST, CARE_LIST, FRAME_LIST, LEAVER_LIST, PLAN_LIST
from qa_app.cases.reading.list_rows import ListRow
from qa_app.cases.reading.sentences import Kind
from qa_app.cases.reading.staffing import Staffing
from qa_app.cases.rules import Evidence, Finding, StatusWord, Verdict, settle_status
from qa_app.cases.states import Status

_FINDING_KINDS = {
    Finding.WORD_READ: Kind.STATUS_WORD_READ,
    Finding.FROM_OTHER_LIST: Kind.STATUS_FROM_LIST,
    Finding.FIRST_THAT_APPLIES: Kind.STATUS_FIRST,
    Finding.OPEN_THOUGH_DATED: Kind.STATUS_OPEN_THOUGH_DATED,
    Finding.CLOSED_THOUGH_OPEN: Kind.STATUS_CLOSED_THOUGH_OPEN,
    Finding.CLOSED_WITHOUT_DATE: Kind.STATUS_CLOSED_WITHOUT_DATE,
    Finding.OPEN_THOUGH_CLOSED: Kind.STATUS_OPEN_THOUGH_CLOSED,
    Finding.NOT_BORNE_OUT: Kind.STATUS_NOT_BORNE_OUT,
    Finding.UNKNOWN_WORD: Kind.STATUS_UNKNOWN,
    Finding.CLOSED_UNKNOWN_WORD: Kind.STATUS_UNKNOWN_CLOSED,
    Finding.NOT_ON_ITS_LIST: Kind.STATUS_NOT_ON_ITS_LIST,
    Finding.AMBIGUOUS_WORD: Kind.STATUS_AMBIGUOUS,
}
_OTHER_LISTS = (PLAN_LIST, CARE_LIST, LEAVER_LIST, ASSESSMENT_LIST)
_DATE_FINDINGS = (Finding.OPEN_THOUGH_DATED, Finding.CLOSED_WITHOUT_DATE)


class Joiner:
    """Makes one case for each child from the rows of all lists."""

    def __init__(
        self,
        rows: dict[int, list[ListRow]],
        staffing: Staffing,
        words: dict[str, StatusWord],
        headings: dict[str, str],
        report: Report,
    ) -> None:
        self._staffing = staffing
        self._words = words
        self._headings = headings
        self._report = report
        self._frame = _by_child(rows.get(FRAME_LIST, ()))
        self._others = {number: _by_child(rows.get(number, ())) for number in _OTHER_LISTS}
        coded = sum(1 for row in rows.get(FRAME_LIST, ()) if words[row.status].coded)
        known = sum(1 for row in rows.get(FRAME_LIST, ()) if words[row.status].status)
        self._uses_codes = coded * 2 >= known

    def cases(self) -> Iterator[ListedCase]:
        """Every child's case: List 6 in its order, then the care leavers of List 9."""
        placed: set[str] = set()
        for reference, rows in self._frame.items():
            case = self._frame_case(reference, rows)
            if case is not None and not (case.status is Status.CLOSED and reference in self._others[LEAVER_LIST]):
                placed.add(reference)
                yield case
        for reference, rows in self._others[LEAVER_LIST].items():
            if reference not in placed:
                yield from self._leaver_case(reference, rows)
                placed.add(reference)
        self._report_strays()

    def _problem(self, kind: Kind, row: ListRow, field: str, written: str = "", used: str = "") -> Problem:
        return Problem(kind, row.sheet, row.row, self._headings.get(field, ""), row.reference, written, used)

    def _frame_case(self, reference: str, rows: list[ListRow]) -> ListedCase | None:
        others = self._others_of(reference, rows[0])
        row = rows[0] if len(rows) == 1 else self._row_to_keep(rows, others)
        if row is None:
            return None
        self._report_others(row, others)
        verdict = settle_status(self._words[row.status], self._uses_codes, self._evidence(row, others))
        if verdict.status is None and reference in self._others[LEAVER_LIST]:
            self._report.repaired.append(self._problem(Kind.CARE_LEAVER, row, "status", row.status))
            return None
        self._report_status(row, verdict)
        if verdict.status is None:
            return None
        return self._case(row, verdict.status, others)

    def _case(self, row: ListRow, status: Status, others: list[ListRow]) -> ListedCase | None:
        place = self._staffing.place(
            row, [other for other in others if other.is_open], is_open=status is not Status.CLOSED
        )
        if place is None:
            return None
        open_case = status is not Status.CLOSED
        started = {other.list_number: other.started for other in others if other.is_open}
        return ListedCase(
            reference=row.reference,
            status=status,
            team=place.team,
            service=place.service,
            manager=place.manager,
            worker=place.worker,
            opened_on=row.started,
            closed_on=None if open_case else row.ended,
            last_seen_on=row.seen,
            plan_started_on=started.get(PLAN_LIST),
            care_started_on=started.get(CARE_LIST),
            sheet=row.sheet,
            row=row.row,
        )

    def _leaver_case(self, reference: str, rows: list[ListRow]) -> Iterator[ListedCase]:
        row = rows[0] if len(rows) == 1 else self._row_to_keep(rows, [])
        case = self._case(row, Status.CARE_LEAVER, self._frame.get(reference, [])) if row else None
        if case is not None:
            yield case

    def _others_of(self, reference: str, row: ListRow) -> list[ListRow]:
        """The child's rows on the other lists.

        Those of another child, by the date of birth, are reported and left out.
        """
        found = []
        for number in _OTHER_LISTS:
            for other in self._others[number].get(reference, ()):
                if other.born and row.born and other.born != row.born:
                    self._report.unusable.append(self._problem(Kind.OTHER_BIRTH_DATE, other, "born"))
                else:
                    found.append(other)
        return found

    def _evidence(self, row: ListRow, others: list[ListRow]) -> Evidence:
        opened = {other.list_number for other in others if other.is_open}

        def shows(number: int) -> bool | None:
            return number in opened if self._others[number] else None

        return Evidence(
            closure_date=not row.is_open,
            closure_reason=row.reason,
            seen_later=bool(row.seen and row.ended and row.seen > row.ended),
            in_care=shows(CARE_LIST),
            on_plan=shows(PLAN_LIST),
            in_assessment=shows(ASSESSMENT_LIST),
        )

    def _report_status(self, row: ListRow, verdict: Verdict) -> None:
        target = self._report.repaired if verdict.status else self._report.unusable
        for finding in verdict.findings:
            field = "ended" if finding in _DATE_FINDINGS else "status"
            used = verdict.status.value if verdict.status else ""
            if finding is Finding.OPEN_THOUGH_DATED:
                used = f"{row.ended:%d/%m/%Y}" if row.ended else "that cannot be read"
            target.append(self._problem(_FINDING_KINDS[finding], row, field, row.status or "blank", used))

    def _row_to_keep(self, rows: list[ListRow], others: list[ListRow]) -> ListRow | None:
        """The one row of a child that counts; None where the rows have different dates of birth. All are reported."""
        count = str(len(rows))
        if len({row.born for row in rows if row.born}) > 1:
            for row in rows:
                self._report.unusable.append(self._problem(Kind.ID_CLASH, row, "reference", count, row.reference))
            return None
        kept, why = self._preferred(rows, others)
        for row in rows:
            if row is kept:
                self._report.repaired.append(self._problem(Kind.DUPLICATE_KEPT, row, "", count, why))
            else:
                used = f"row {kept.row} was kept, as {why}"
                self._report.unusable.append(self._problem(Kind.DUPLICATE_NOT_USED, row, "", count, used))
        return kept

    def _preferred(self, rows: list[ListRow], others: list[ListRow]) -> tuple[ListRow, str]:
        named = {self._staffing.who(other) for other in others if other.is_open and other.worker}
        agreed = [row for row in rows if row.worker and self._staffing.who(row) in named]
        if agreed and len({self._staffing.who(row) for row in agreed}) == 1:
            return agreed[0], "another list names the same worker"
        complete = [row for row in rows if row.team and row.worker]
        if len(complete) == 1:
            return complete[0], "it is the only one with a team and a worker"
        if len({self._staffing.who(row) for row in rows}) == 1:
            return rows[0], "the rows name the same worker and it comes first"
        return rows[0], "nothing in the file says which worker is right and it comes first: check it"

    def _report_others(self, row: ListRow, others: list[ListRow]) -> None:
        """Report each row of another list that differs from List 6, and each child repeated on one list."""
        counts: dict[int, int] = defaultdict(int)
        for other in others:
            counts[other.list_number] += 1
        for other in others:
            self._staffing.report_difference(row, other)
            if counts[other.list_number] > 1:
                used = "List 6 says whose it is"
                count = str(counts[other.list_number])
                self._report.repaired.append(self._problem(Kind.DUPLICATE_ON_LIST, other, "", count, used))

    def _report_strays(self) -> None:
        """Children open on Lists 7 and 8 whom List 6 does not have at all."""
        if not self._frame:
            return
        for number in (PLAN_LIST, CARE_LIST):
            for reference, rows in self._others[number].items():
                if reference not in self._frame and reference not in self._others[LEAVER_LIST]:
                    for row in rows:
                        if row.is_open:
                            self._report.unusable.append(self._problem(Kind.NOT_IN_LIST_6, row, ""))


def _by_child(rows: Iterable[ListRow]) -> dict[str, list[ListRow]]:
    children: dict[str, list[ListRow]] = {}
    for row in rows:
        children.setdefault(row.reference, []).append(row)
    return children
