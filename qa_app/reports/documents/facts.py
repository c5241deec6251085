"""What a document says of itself, and how text is made fit for a file."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from qa_app.core.format import moment


class Facts(NamedTuple):
    """What a report's document says beside its content."""

    status: str
    """`Draft`, `Published 14 July 2026` or `Corrected 20 July 2026`; stands at the head of every page."""
    product_name: str
    built_at: datetime
    published_at: datetime | None = None
    correction: str = ""
    """What was put right and why, in words; empty unless a published report was issued again."""
    audience: str = ""
    """Whom it is for: `For leadership`."""

    @property
    def lines(self) -> list[str]:
        """The sentences below the title, in order."""
        told = [self.status, self.audience, f"Figures as they were on {moment(self.built_at)}"]
        if self.correction:
            told.append(f"Correction: {self.correction}")
        return [line for line in told if line]

    @property
    def created(self) -> datetime:
        """When it was built, as files keep it: UTC without a zone."""
        return self.built_at.astimezone(UTC).replace(tzinfo=None)


# What XML 1.0 cannot hold (section 2.2 of the recommendation), and so neither can Word nor Excel.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARAGRAPH = re.compile(r"\n\s*\n")


def plain(text: str) -> str:
    """The text without characters that a file cannot hold, its line ends as `\\n`."""
    return _NOT_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def paragraphs(text: str) -> list[str]:
    """What somebody typed as paragraphs, parted where a line was left empty."""
    return [part.strip() for part in _PARAGRAPH.split(plain(text)) if part.strip()]
