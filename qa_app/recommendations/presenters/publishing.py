"""What a follow-up still needs, and what publishing it will do."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_app.recommendations.presenters.following import FollowUpPage
from qa_app.recommendations.rules import Lack, Missing

LACKS = {
    Lack.OUTCOME: "say how far it is implemented",
    Lack.EVIDENCE: "say what shows it",
    Lack.ANOTHER_JUDGE: "it was judged by its owner, so somebody else must judge it",
    Lack.DATE: "enter when the follow-up was made",
    Lack.SUMMARY: "write the summary",
}
_ANCHORS = {Lack.OUTCOME: "outcome", Lack.EVIDENCE: "evidence", Lack.DATE: "dated-day", Lack.SUMMARY: "summary"}


@dataclass(frozen=True, slots=True)
class Link:
    """What is missing, and where it is mended."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class PublishPage:
    """Check and publish."""

    shown: FollowUpPage
    missing: Sequence[Link]


def publish_page(shown: FollowUpPage, lacking: Sequence[Missing]) -> PublishPage:
    """Every judgement with what is missing."""
    return PublishPage(shown, [_link(shown, each) for each in lacking])


def _link(shown: FollowUpPage, each: Missing) -> Link:
    anchor = f"#{_ANCHORS[each.lack]}" if each.lack in _ANCHORS else ""
    if each.number is None:
        return Link(f"Summary: {LACKS[each.lack]}", f"{shown.path}/summary{anchor}")
    return Link(f"Recommendation {each.number}: {LACKS[each.lack]}", f"{shown.path}/{each.number}{anchor}")
