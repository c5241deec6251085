"""A report as a file: a page that opens by itself, a Word document, a workbook."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from flask import current_app

from qa_app.core.background import apart
from qa_app.reports.blocks import Content, read_content
from qa_app.reports.documents.excel import excel
from qa_app.reports.documents.facts import Facts
from qa_app.reports.documents.template import TEMPLATE_NAME
from qa_app.reports.documents.word import word
from qa_app.reports.presenters.blocks import report_page, without_links
from qa_app.reports.presenters.pages import status_words
from qa_app.reports.queries import Edition
from qa_app.reports.states import AUDIENCE_LABELS, Audience


class Paper(NamedTuple):
    """What is written to a file: the content, the QA team's words beside it, and what the file says of itself."""

    content: Content
    narrative: Mapping[str, str]
    facts: Facts


def paper_of(edition: Edition) -> Paper:
    """An edition that was built, on paper."""
    facts = Facts(
        status_words(edition),
        current_app.config["PRODUCT_NAME"],
        edition.built_at or edition.made_at,
        edition.published_at,
        edition.correction_reason,
        audience_words(Audience(edition.audience)),
    )
    return Paper(read_content(edition.content), edition.narrative, facts)


def audience_words(audience: Audience) -> str:
    """`For leadership`."""
    return f"For {AUDIENCE_LABELS[audience].lower()}"


def _word(paper: Paper) -> bytes:
    template = Path(current_app.config["DATA_DIR"]) / TEMPLATE_NAME
    return apart(word, paper.content, dict(paper.narrative), paper.facts, template)


def _excel(paper: Paper) -> bytes:
    return excel(*paper)


def _html(paper: Paper) -> bytes:
    page = report_page(without_links(paper.content), paper.narrative)
    template = current_app.jinja_env.get_template("files/report.html")  # a file has no viewer, and no request
    return template.render(page=page, content=paper.content, facts=paper.facts).encode()


WRITERS: dict[str, Callable[[Paper], bytes]] = {"word": _word, "excel": _excel, "html": _html}
"""What a report can be taken away as, and what writes it."""
