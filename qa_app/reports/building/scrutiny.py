"""The scrutiny report: for committees and the public, small numbers hidden, no case and no name (domain.md section 9).

Of one calendar quarter. Quarters don't overlap and no figure adds them up, so that no two reports can be subtracted;
the trend shows what earlier reports have published, and nothing else. Pure.
"""

from typing import Any

from qa_app.figures.presenters.words import against_target, interval_words, period_words, with_share
from qa_app.reports.blocks import Block, Cell, Content, Narrative, Section, Sentences, Table
from qa_app.reports.building.cells import text
from qa_app.reports.building.protecting import ALL, Protected, name, protect, services_of
from qa_app.reports.building.resources import about
from qa_app.reports.building.trends import trend_of_shares, with_words
from qa_app.reports.material import Earlier, Material
from qa_app.reports.states import KIND_LABELS
from qa_app.statistics.proportions import Direction, Share

GOOD, BAD = "good_or_better", "any_inadequate"
NOT_SHOWN = "is not stated: the numbers are too small to be published."


def scrutiny(material: Material) -> dict[str, Any]:
    """The content, with what it shows and hides by cell, which binds every later edition of its period."""
    shown = protect(material)
    title = f"{KIND_LABELS[material.kind]}, {period_words(material.cut)}"
    sections = [
        _completion(material, shown),
        _grades(material, shown),
        *_over_time(material, shown),
        _moderation(shown),
        _child(shown),
        _put_right(shown),
        _capacity(material),
    ]
    said = _headlines(material, shown)
    content = Content(title, "Case audits of children's social care", said, sections, about(material))
    counts = shown.found.table.counts
    visible = {str(cell): value for cell, value in counts.items() if cell not in shown.found.hidden}
    return content.as_json() | {"shown": visible, "hidden": sorted(map(str, shown.found.hidden))}


def _said(shown: Protected, table: str, part: str, words: str, otherwise: str) -> str:
    """`84 of 92 (91%) audits done on time.`, or that it is not stated."""
    pair = shown.pair(table, ALL, part)
    return f"{with_share(*pair)} {words}." if pair else f"{otherwise} {NOT_SHOWN}"


def _headlines(material: Material, shown: Protected) -> list[str]:
    if not shown.found.table.counts[name("completion", ALL, ALL)]:
        return ["There was no round of the random sample in this period."]
    return [
        _said(shown, "completion", "done", "audits done on time", "How many audits were done on time"),
        *_verdicts(material, shown),
        _said(shown, "actions", "in_time", "actions that were due were done in time", "How many actions were in time"),
    ]


def _verdicts(material: Material, shown: Protected) -> list[str]:
    targets = material.targets
    asked = (
        (GOOD, "good or better", targets.good_or_better, Direction.AT_LEAST),
        (BAD, "inadequate", targets.inadequate, Direction.AT_MOST),
    )
    said = []
    for part, words, target, direction in asked:
        if pair := shown.pair("grades", ALL, part):
            verdict = against_target(*pair, target, direction)
            said.append(f"{with_share(*pair)} {words}, with an interval of {interval_words(*pair)}: {verdict}.")
        else:
            said.append(f"The share {words} {NOT_SHOWN}")
    return said


def _completion(material: Material, shown: Protected) -> Section:
    rows = []
    for key, label in [*((service, service) for service in services_of(material)), (ALL, "All")]:
        counts = (shown.count("completion", key, part) for part in (ALL, "done", "not_done"))
        rows.append([text(label), *counts, shown.percent("completion", key, "done")])
    header = ("Service", "Due", "Done on time", "Not done on time", "Done on time, %")
    said = [_said(shown, "completion", "done", "audits done on time", "How many audits were done on time")]
    if shown.found.hidden:
        said.append("In these tables [c] stands for a small number, or one that would give a small number away.")
    blocks: list[Block] = [
        Sentences(said),
        Table("Completion by the auditors' service", header, rows, has_total=True),
        Narrative("completion", "What explains completion, and what is being done about it"),
    ]
    return Section("completion", "Completion", blocks)


def _grades(material: Material, shown: Protected) -> Section:
    keys = [grade.key for grade in material.scale]
    rows = []
    for key, label in [*((service, service) for service in services_of(material)), (ALL, "All")]:
        counts = [shown.count("grades", key, part) for part in (*keys, ALL)]
        shares = [shown.percent("grades", key, part) for part in (GOOD, BAD)]
        rows.append([text(label), *counts, *shares])
    header = ("Service", *(grade.label for grade in material.scale), "All", "Good or better, %", "All inadequate, %")
    blocks: list[Block] = [
        Sentences(_verdicts(material, shown)),
        Table("Grades after moderation by service of the case", header, rows, has_total=True),
        Narrative("grades", "What the grades say, and what is behind them"),
    ]
    return Section("grades", "Grades", blocks)


def _over_time(material: Material, shown: Protected) -> list[Section]:
    """What was published of each quarter before, and of this one: the newest edition of each, of any audience."""
    latest = {one.last_month: one for one in material.earlier if one.last_month < material.cut.last}
    visible = {str(cell): n for cell, n in shown.found.table.counts.items() if cell not in shown.found.hidden}
    known = [*latest.values(), Earlier(material.cut.last, material.audience, visible, ())]
    if len(known) < 2:
        return []
    months = [one.last_month for one in known]
    targets = material.targets
    pictures = [
        trend_of_shares(f"{words}, by quarter", months, [_published(one, part) for one in known], at)
        for part, words, at in (
            (GOOD, "Good or better", (targets.good_or_better, Direction.AT_LEAST)),
            (BAD, "Inadequate", (targets.inadequate, Direction.AT_MOST)),
        )
    ]
    return [Section("trend", "Quarter by quarter", [*with_words(pictures), Narrative("trend", "What has changed")])]


def _published(one: Earlier, part: str) -> Share:
    count, base = one.shown.get(name("grades", ALL, part)), one.shown.get(name("grades", ALL, ALL))
    return Share(0, 0) if count is None or base is None else Share(count, base)


def _moderation(shown: Protected) -> Section:
    parts = (("kept", "Grade kept"), ("raised", "Grade raised"), ("lowered", "Grade lowered"))
    blocks: list[Block] = [
        Sentences([_said(shown, "moderation", "kept", "moderated audits kept their grade", "What moderation did")]),
        _one_by_one("Moderated audits", "moderation", parts, shown),
        Narrative("moderation", "What moderation found"),
    ]
    return Section("moderation", "Moderation", blocks)


def _child(shown: Protected) -> Section:
    said = _said(shown, "child", "held", "audits heard the child", "In how many audits the child was heard")
    return Section("child", "The voice of the child", [Sentences([said]), Narrative("child", "What children said")])


def _put_right(shown: Protected) -> Section:
    said = [
        _said(
            shown,
            "stages",
            "in_time",
            "stages after inadequate audits done in time",
            "How many stages were in time",
        ),
        _said(shown, "actions", "in_time", "actions that were due were done in time", "How many actions were in time"),
    ]
    return Section("put_right", "What was put right", [Sentences(said), Narrative("put_right", "What changed")])


def _capacity(material: Material) -> Section:
    wanted = material.targets.trained_auditors
    said = [f"{material.capacity.trained:,} trained auditors; the target is {wanted:,}."]
    return Section("capacity", "Auditor capacity", [Sentences(said)])


def _one_by_one(title: str, table: str, parts: tuple[tuple[str, str], ...], shown: Protected) -> Table:
    rows = [[text(label), shown.count(table, ALL, part), shown.percent(table, ALL, part)] for part, label in parts]
    total = [text("All"), shown.count(table, ALL, ALL), Cell("")]
    return Table(title, ("Result", "Audits", "Share"), [*rows, total], has_total=True)
