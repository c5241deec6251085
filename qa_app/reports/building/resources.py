"""Who can audit, what else was done, and how the figures are made (domain.md section 9). Pure."""

from qa_app.core.format import long_day
from qa_app.reports.blocks import Block, Narrative, Section, Sentences, Table
from qa_app.reports.building.cells import number, text
from qa_app.reports.material import Material


def capacity(material: Material) -> Section:
    """Trained auditors against the target."""
    found, wanted = material.capacity, material.targets.trained_auditors
    missing = wanted - found.trained
    verdict = f"{missing:,} fewer than wanted" if missing > 0 else "as many as wanted, or more"
    said = [f"{found.trained:,} trained auditors; the target is {wanted:,}: {verdict}."]
    rows = [
        [text("Trained"), number(found.trained)],
        [text("Of them moderators"), number(found.moderators)],
        [text("In training"), number(found.in_training)],
        [text("Training lapsed"), number(found.lapsed)],
    ]
    blocks: list[Block] = [Sentences(said), Table("Auditors", ("Training", "People"), rows)]
    blocks.append(Narrative("capacity", "What capacity means for the months to come"))
    return Section("capacity", "Auditor capacity", blocks)


def other_activity(material: Material) -> Section:
    """Audits of other types, which never mix with the random sample's percentages."""
    blocks: list[Block] = []
    if material.others:
        rows = [[text(one.name), number(one.issued), number(one.submitted)] for one in material.others]
        blocks.append(Table("Audits beside the random sample", ("Audit type", "Issued", "Submitted"), rows))
    else:
        blocks.append(Sentences(["No audit of another type was issued in the period."]))
    blocks.append(Narrative("other", "Other quality assurance activity"))
    return Section("other", "Other QA activity", blocks)


def about(material: Material) -> list[str]:
    """How the figures are made and what they can say."""
    said = [
        f"Figures as they were on {long_day(material.today)}, of the random sample alone: re-audits, themed audits "
        "and dip samples are counted apart.",
        "An audit counts as done when it was submitted by its due date. A late audit has grades, and is not counted.",
        "Every percentage is of a sample. The interval says where the share of all cases may lie, in 95 of 100 such "
        "samples (Wilson). A target is met or not met only where the whole interval lies on one side of it.",
        "In pictures over months the limits say what chance alone explains. A real change is a month outside them, 8 "
        "in a row on one side of the average, 6 rising or falling, or two of three near a limit.",
    ]
    if not material.opens:
        said.append(
            f"[c] hides a number under {material.targets.suppression}, or one that would give such a number away. No "
            "case and no person is named."
        )
    return said
