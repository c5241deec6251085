"""The Word document of a report, opened again."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_app.reports.blocks import HIDDEN, Cell, Content, Narrative, Section, Sentences, Table
from qa_app.reports.documents.excel import excel
from qa_app.reports.documents.facts import Facts, paragraphs, plain
from qa_app.reports.documents.template import TEMPLATE_NAME, template_fault
from qa_app.reports.documents.word import word
from tests.unit.reports.examples import CONTENT, FACTS, NARRATIVES


def opened(content=CONTENT, narratives=NARRATIVES, facts=FACTS, template=None):
    return docx.Document(BytesIO(word(content, narratives, facts, template)))


@pytest.fixture(scope="module")
def document():
    return opened()


def texts(document, style=None):
    return [each.text for each in document.paragraphs if style is None or each.style.name == style]


def every_part(file):
    """All that a file says, in every part of it."""
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return "\n".join(
            archive.read(name).decode() for name in archive.namelist() if not name.endswith((".png", ".jpeg"))
        )


def test_it_has_real_headings(document):
    assert texts(document, "Title") == ["Monthly report: June 2026"]
    assert texts(document, "Subtitle") == ["Safeguarding & support"]
    assert texts(document, "Heading 1") == [
        "Headlines",
        "Completion",
        "Grades: before/after moderation, by domain and by service",
        "Completion",
        "About these figures",
    ]
    assert texts(document, "Heading 2") == [
        "Audits done, by service",
        "Inadequate, by month",
        "Grades by service",
        "Other activity",
        "Re-audits",
    ]
    assert texts(document, "List Bullet") == list(CONTENT.headlines)


def test_it_says_what_it_is(document):
    about = document.core_properties
    assert (about.title, about.author, about.language) == ("Monthly report: June 2026", "Case audits", "en-GB")
    assert about.created == datetime(2026, 7, 10, 13, 2, tzinfo=UTC)
    assert about.comments == "Published 14 July 2026"
    assert [element.get(qn("w:val")) for element in document.styles.element.iter(qn("w:lang"))] == ["en-GB"]
    assert texts(document)[2:5] == [
        "Published 14 July 2026",
        "For leadership",
        "Figures as they were on Fri 10 July 2026, 14:02",
    ]


def test_every_page_says_the_status_and_its_number(document):
    section = document.sections[0]
    assert texts(section.header) == ["Monthly report: June 2026 · Published 14 July 2026"]
    assert texts(section.footer) == ["Case audits · Page  of "]
    assert [each.get(qn("w:instr")) for each in section.footer._element.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_a_correction_says_what_was_put_right():
    facts = FACTS._replace(status="Corrected 20 July 2026", correction="Two audits were counted twice.")
    document = opened(facts=facts)
    assert "Correction: Two audits were counted twice." in texts(document)
    assert texts(document.sections[0].header) == ["Monthly report: June 2026 · Corrected 20 July 2026"]


def test_tables_are_real_and_their_headings_come_again(document):
    completion, activity = document.tables
    assert [[cell.text for cell in row.cells] for row in completion.rows] == [
        ["Service", "Expected", "Done", "Share"],
        ["First Response", "1,204", "61", "5%"],
        ["Fostering & <adoption>", "4", HIDDEN, HIDDEN],
        ["All", "1,208", HIDDEN, "5.2%"],
    ]
    headings = [bool(row._tr.trPr.findall(qn("w:tblHeader"))) for row in completion.rows]
    assert headings == [True, False, False, False]
    assert completion.style.name == "Report table"
    assert completion._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Audits done, by service"
    assert completion._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:lastRow")) == "1"
    assert [run.bold for run in completion.rows[3].cells[0].paragraphs[0].runs] == [True]
    assert activity.rows[1].cells[0].text == "=1+1"
    assert "None." in texts(document)


def test_numbers_stand_to_the_right_and_words_to_the_left(document):
    for row in document.tables[0].rows:
        ways = [cell.paragraphs[0].alignment for cell in row.cells]
        assert ways == [WD_ALIGN_PARAGRAPH.LEFT] + [WD_ALIGN_PARAGRAPH.RIGHT] * 3
    assert [cell.paragraphs[0].alignment for cell in document.tables[1].rows[1].cells] == [WD_ALIGN_PARAGRAPH.LEFT] * 2


def test_a_table_is_no_wider_than_the_page(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= room


def test_pictures_have_words_and_fit_the_page(document):
    found = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert found == ["One month is above its limits.", "Most audits were graded Requires improvement."]
    assert all(shape.width <= 15 * 360_000 for shape in document.inline_shapes)
    images = [part for part in document.part.package.iter_parts() if str(part.partname).startswith("/word/media/")]
    assert [part.blob[:4] for part in images] == [b"\x89PNG"] * 2


def test_the_teams_words_stand_in_their_place_and_prompts_do_not(document):
    said = texts(document, "Normal")
    assert "=Two teams & <one> unit\nwere short of staff." in said
    assert "They have since recruited." in said
    assert not [text for text in said if text.startswith("What ")]


def test_it_has_no_links():
    parts = every_part(word(CONTENT, NARRATIVES, FACTS, None))
    assert "/audits?service" not in parts
    assert "<w:hyperlink" not in parts
    assert "HYPERLINK" not in parts
    assert "External" not in parts


def test_a_long_heading_of_many_columns_stays_on_the_page():
    header = ("Domain of the audit tool", *(f"Month {n} of the year" for n in range(1, 13)))
    rows = [[Cell("x" * 300), *(Cell(str(n), n) for n in range(12))]]
    content = replace(CONTENT, sections=[Section("s", "S", [Table("Wide", header, rows)])])
    table = opened(content).tables[0]
    widths = [column.width for column in table.columns]
    assert widths[0] == max(widths)
    assert min(widths) > 500_000 / 2  # 7 mm: enough for four digits


GRADES = ("Team", "Outstanding", "Good", "Requires improvement", "Inadequate", "Inadequate critical", "Graded",
          "Good or better, %", "All inadequate, %", "Interval of inadequate")  # fmt: skip


def test_no_word_of_the_widest_table_is_broken():
    row = [Cell("Family Safeguarding North"), *(Cell(str(n), n) for n in range(8)), Cell("0% to 66%")]
    content = replace(CONTENT, sections=[Section("s", "S", [Table("Grades", GRADES, [row])])])
    table = opened(content).tables[0]
    for column in table.columns:
        for cell in column.cells:
            (run,) = cell.paragraphs[0].runs
            longest = max(len(word) for word in cell.text.split())
            assert column.width >= longest * run.font.size * 0.68  # as wide as bold letters of the widest usual font


SIGNS = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x0b\x1f\ufffe\uffff\ud800=+-@<&\"'\r\n\t😀_x0041_")), max_size=60
)


def with_texts(one, two):
    table = Table(one, ("Heading", two), ((Cell(one), Cell(two)),), note=two)
    blocks = (Sentences((one, two)), table, Narrative("n", one))
    return Content(one, two, (one, two), (Section("s", one, blocks), Section("t", two, ())), (two,))


@given(SIGNS, SIGNS)
@settings(max_examples=25, deadline=None)
def test_no_text_breaks_it(one, two):
    document = opened(with_texts(one, two), {"n": two}, Facts("Draft", one, FACTS.built_at, None, one, two))
    assert document.tables[0].rows[1].cells[0].text == plain(one)


def test_what_no_file_can_hold_is_left_out():
    assert plain("a\x00b\x0b\ufffec\ud800 😀\r\nd\re") == "abc 😀\nd\ne"
    assert paragraphs("\n one\ntwo \r\n \r\n\x0cthree\n\n\n") == ["one\ntwo", "three"]


def council_template(folder, keep=("Normal", "Default Paragraph Font", "Normal Table", "Heading 1", "Header")):
    """A template as councils have it: two sections, a letterhead in the first, and few styles."""
    document = docx.Document()
    for style in list(document.styles):
        if style.name not in keep:
            style.element.getparent().remove(style.element)
    document.styles["Normal"].font.name = "Georgia"
    document.sections[0].header.paragraphs[0].text = "Anytown Council"
    document.sections[0].footer.paragraphs[0].text = "Working for every child"
    document.add_paragraph("Sample text")
    document.add_table(1, 1)
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("More sample text")
    path = folder / TEMPLATE_NAME
    document.save(path)
    return path


def test_a_councils_template_gives_its_look_and_not_its_text(tmp_path):
    path = council_template(tmp_path)
    assert template_fault(path) == ""
    document = opened(template=path)
    assert not [text for text in texts(document) if "ample text" in text]
    assert len(document.sections) == 1
    assert texts(document.sections[0].header) == [
        "Anytown Council",
        "Monthly report: June 2026 · Published 14 July 2026",
    ]
    assert texts(document.sections[0].footer) == ["Working for every child", "Case audits · Page  of "]
    assert document.styles["Normal"].font.name == "Georgia"
    assert len(document.tables) == 2
    assert document.core_properties.language == "en-GB"


def test_styles_that_the_template_lacks_come_in_its_own_font(tmp_path):
    document = opened(template=council_template(tmp_path))
    assert texts(document, "Heading 2")[0] == "Audits done, by service"
    assert document.styles["Heading 2"].font.name is None
    assert document.styles["Heading 2"].base_style.name == "Normal"
    assert texts(document, "List Bullet") == list(CONTENT.headlines)
    assert document.tables[0].style.name == "Report table"


@pytest.mark.parametrize("has_lists", [True, False])
def test_headlines_are_a_list_also_where_the_template_has_none(tmp_path, has_lists):
    path = council_template(tmp_path)
    if not has_lists:
        document = docx.Document(path)
        relation = next(key for key, each in document.part.rels.items() if each.reltype.endswith("/numbering"))
        document.part.drop_rel(relation)
        document.save(path)
    document = opened(template=path)
    bullets = document.styles["List Bullet"].element.pPr.numPr.numId.val
    numbering = document.part.numbering_part.element
    kinds = [element.tag.rpartition("}")[2] for element in numbering]
    assert kinds == sorted(kinds)  # "abstractNum" before "num", as the schema has it
    of_list = numbering.num_having_numId(bullets).abstractNumId.val
    levels = numbering.xpath(f"w:abstractNum[@w:abstractNumId='{of_list}']/w:lvl/w:numFmt/@w:val")
    assert levels == ["bullet"]


def test_a_template_without_a_language_gets_one_and_another_language_stays(tmp_path):
    path = council_template(tmp_path)
    document = docx.Document(path)
    document.styles["Heading 1"].element.get_or_add_rPr().append(
        docx.oxml.parse_xml(f'<w:lang {docx.oxml.ns.nsdecls("w")} w:val="cy-GB"/>')
    )
    defaults = document.styles.element.find(qn("w:docDefaults"))
    document.styles.element.remove(defaults)
    document.save(path)
    found = [each.get(qn("w:val")) for each in opened(template=path).styles.element.iter(qn("w:lang"))]
    assert found == ["en-GB", "cy-GB"]


def test_page_numbers_of_the_template_are_enough(tmp_path):
    first = council_template(tmp_path)
    document = docx.Document(first)
    footer = document.sections[0].footer
    footer.paragraphs[0]._element.append(
        docx.oxml.parse_xml(f"<w:r {docx.oxml.ns.nsdecls('w')}><w:instrText> PAGE </w:instrText></w:r>")
    )
    document.save(first)
    assert texts(opened(template=first).sections[0].footer) == ["Working for every child"]


def test_first_and_even_pages_say_the_status_too(tmp_path):
    path = council_template(tmp_path)
    document = docx.Document(path)
    document.sections[-1].different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    document.save(path)
    section = opened(template=path).sections[0]
    for part in (section.header, section.first_page_header, section.even_page_header):
        assert texts(part)[-1] == "Monthly report: June 2026 · Published 14 July 2026"


def another_file_in(folder, name, content):
    """A template in which one part is another."""
    path = council_template(folder)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, text in (parts | {name: content(parts[name])}).items():
            archive.writestr(part, text)
    return path.read_bytes()


@pytest.mark.parametrize(
    "broken",
    [
        lambda folder: b"This is no Word document",
        lambda folder: b"",
        lambda folder: council_template(folder).read_bytes()[:-200],
        lambda folder: another_file_in(folder, "word/document.xml", lambda text: text[:-20]),
        lambda folder: another_file_in(
            folder, "[Content_Types].xml", lambda text: text.replace(b"document.main+xml", b"template.main+xml")
        ),
        lambda folder: excel(CONTENT, NARRATIVES, FACTS),
    ],
    ids=["text", "empty", "cut short", "bad XML", "dotx", "Excel"],
)
def test_a_broken_template_is_said_and_the_default_look_taken(tmp_path, caplog, broken):
    path = tmp_path / TEMPLATE_NAME
    assert template_fault(path) == ""
    assert template_fault(None) == ""
    path.write_bytes(broken(tmp_path))
    assert template_fault(path).startswith("report-template.docx cannot be opened as a Word document")
    assert texts(opened(template=path), "Title") == ["Monthly report: June 2026"]
    assert "report-template.docx cannot be opened" in caplog.text


def test_a_style_of_the_wrong_type_is_said(tmp_path):
    path = council_template(tmp_path)
    document = docx.Document(path)
    document.styles.add_style("Subtitle", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    document.save(path)
    assert 'the style "Subtitle" is of the wrong type' in template_fault(path)
    assert texts(opened(template=path), "Subtitle") == ["Safeguarding & support"]
