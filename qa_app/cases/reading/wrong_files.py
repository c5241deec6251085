"""Recognising the other returns that a data team exports, so that the person hears what they uploaded."""

import re
from collections.abc import Iterable
from pathlib import Path

from qa_app.core.tables import heading_key
from qa_app.core.workbooks import WrongFile

_WHAT_TO_DO = (
    "It has no team or worker, so cases cannot be sampled from it. Upload the Annex A workbook, or a list of open "
    "cases with "
    "a reference, status, team and worker for each."
)
_SSDA903 = f"This is an SSDA903 return (children looked after). {_WHAT_TO_DO}"
_CIN_CENSUS = f"This is a children in need census return. {_WHAT_TO_DO}"
_XML = (
    "This is an XML file. Upload the Annex A workbook (.xlsx), or a list of open cases as .xlsx or CSV with a "
    "reference, status, "
    "team and worker for each."
)
_903_TABLES = (
    {"child", "decom", "rne"},
    {"child", "sex", "dob", "ethnic"},
    {"child", "dob", "ureg"},
    {"child", "dob", "review"},
    {"child", "dob", "missing"},
    {"child", "dob", "sw decom"},
    {"child", "dob", "place"},
)


def refuse_other_returns(headings: Iterable[str]) -> None:
    """Raise WrongFile where the headings are those of an SSDA903 or CIN census table."""
    keys = {heading_key(heading) for heading in headings}
    if any(table <= keys for table in _903_TABLES):
        raise WrongFile(_SSDA903)
    if "lachildid" in keys:
        raise WrongFile(_CIN_CENSUS)


def refuse_xml(path: Path) -> None:
    """Raise WrongFile for an XML file, saying which return it is. Its text is searched and never parsed."""
    with path.open("rb") as file:
        start = file.read(256 * 1024).decode("utf-8", errors="replace").casefold()
    if re.search(r"<collection>\s*cin\s*<|lachildid|cindetails|<cin", start):
        raise WrongFile(_CIN_CENSUS)
    if re.search(r"<collection>\s*(cla|ssda903)|ssda903|<decom>|<lookedafter", start):
        raise WrongFile(_SSDA903)
    raise WrongFile(_XML)
