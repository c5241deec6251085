"""A list of recommendations from upload to effect: seen first, added as a whole or not at all."""

from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from qa_app.core.errors import BadInput, Stale
from qa_app.recommendations import operations, queries
from qa_app.recommendations.importing import fingerprint
from qa_app.recommendations.inputs import RecommendationInput
from qa_app.recommendations.models import Recommendation, RecommendationImport
from tests.databases import examples
from tests.factories.recommendations import report_of

HEAD = "Number,Recommendation,Owner email,Due,Theme\n"
GOOD = HEAD + (
    "12,Cover every absence of the Practice Lead,eleri.sandhu@council.example,30/09/2026,Cover\n"
    ",Report each quarter,,,\n"
)
BAD = HEAD + "1,Taken already,,,\n12,Fine,,,\n13,,nobody@council.example,soon,\n"


@pytest.fixture
def followed(database, now):
    made = report_of(database, now, 2)
    database.commit()
    return made


@pytest.fixture
def qa(followed, sign_in):
    return sign_in(followed.council.qa.id)


def upload(client, path, text, name="list.csv"):
    content = text.encode() if isinstance(text, str) else text
    return client.post(f"{path}/import", data={"file": (BytesIO(content), name)}, content_type="multipart/form-data")


def seen_in(page):
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def texts(followed):
    return {each.number: each.text for each in queries.recommendations_of(followed.qa, followed.report)}


def test_a_list_is_previewed_then_added_as_a_whole(followed, qa, database):
    path = followed.path
    assert qa.get(f"{path}/import").status_code == 200
    address = upload(qa, path, GOOD).headers["Location"]
    page = qa.get(address).text
    for said in ("Check what will be added", "Eleri Sandhu", "30 September 2026", "Columns that are not used: Theme"):
        assert said in page
    assert len(texts(followed)) == 2, "nothing is added yet"
    done = qa.post(f"{address}/apply", data={"seen": seen_in(page)})
    assert done.headers["Location"] == path
    assert "List applied: 2 recommendations added." in qa.get(path).text
    assert texts(followed) | {} == {
        1: "Improve step 1.", 2: "Improve step 2.", 12: "Cover every absence of the Practice Lead", 13: "Report each quarter",
    }  # fmt: skip
    assert qa.get(address).status_code == 404, "applied once"
    assert qa.post(f"{address}/apply", data={"seen": seen_in(page)}).status_code == 404
    assert database.scalar(select(RecommendationImport.rows)) == []


def test_one_bad_row_and_nothing_is_added(followed, qa):
    address = upload(qa, followed.path, BAD).headers["Location"]
    page = qa.get(address).text
    assert "Mend 2 rows first" in page
    assert "The report has a recommendation 1 already" in page
    assert "Recommendation is empty. Owner email is of nobody" in page
    assert 'name="seen"' not in page
    sheet = openpyxl.load_workbook(BytesIO(qa.get(f"{address}/errors").data)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [2, 4]
    assert qa.post(f"{address}/apply", data={"seen": "x"}).status_code == 422
    assert len(texts(followed)) == 2


def test_a_workbook_is_read_too_and_the_template_has_its_headings(followed, qa):
    book = openpyxl.load_workbook(BytesIO(qa.get("/recommendations/import-template").data))
    assert [cell.value for cell in book.active[1]] == ["Number", "Recommendation", "Owner email", "Due"]
    book.active.append([7, "From a workbook", None, None])
    content = BytesIO()
    book.save(content)
    address = upload(qa, followed.path, content.getvalue(), "list.xlsx").headers["Location"]
    qa.post(f"{address}/apply", data={"seen": seen_in(qa.get(address).text)})
    assert texts(followed)[7] == "From a workbook"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Number,Text\n1,x\n", "The list has no column Recommendation"),
        (HEAD, "The list has headings but no rows"),
        (HEAD + "".join(f",Step {n},,,\n" for n in range(501)), "The list has more than 500 rows"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"", "Choose a file"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(followed, qa, content, sentence):
    name = "list.csv" if content else ""
    answer = upload(qa, followed.path, content, name)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_what_changed_since_the_preview_is_not_added_unseen(followed, qa, database, now):
    address = upload(qa, followed.path, HEAD + ",Report each quarter,,,\n").headers["Location"]
    page = qa.get(address).text
    operations.add_recommendation(followed.report, RecommendationInput("One more."), followed.qa, now)
    database.commit()
    assert qa.post(f"{address}/apply", data={"seen": seen_in(page)}).status_code == 409
    assert len(texts(followed)) == 3


def test_a_list_of_one_report_is_no_list_of_another(followed, qa, database, now):
    address = upload(qa, followed.path, GOOD).headers["Location"]
    other = report_of(database, now, 1, people=followed.council)
    database.commit()
    assert qa.get(address.replace(followed.path, other.path)).status_code == 404


def test_an_import_that_is_applied_meanwhile_is_not_applied_again(followed, tmp_path, now):
    file = tmp_path / "list.csv"
    file.write_text(GOOD)
    kept = operations.keep_list(followed.report, file, "list.csv", followed.qa, now)
    seen = fingerprint(operations.preview(kept, now))
    operations.apply_list(kept, seen, followed.qa, now)
    with pytest.raises(Stale, match="applied already"):
        operations.apply_list(kept, seen, followed.qa, now)


WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
ROWS = st.lists(
    st.tuples(st.one_of(st.just(""), st.integers(0, 9).map(str)), st.one_of(st.just(""), WORDS)), min_size=1, max_size=6
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_any_list_is_added_whole_or_not_at_all(database, followed, tmp_path, now, rows):
    point = database.begin_nested()
    try:
        file = tmp_path / "list.csv"
        file.write_text("Number,Recommendation,Due\n" + "".join(f"{number},{text},\n" for number, text in rows))
        before = texts(followed)
        try:
            kept = operations.keep_list(followed.report, file, "list.csv", followed.qa, now)
        except BadInput:
            return
        read = operations.preview(kept, now)
        wrong = any(row.errors for row in read)
        try:
            operations.apply_list(kept, fingerprint(read), followed.qa, now)
        except BadInput:
            assert wrong
            assert texts(followed) == before
        else:
            assert not wrong
            assert texts(followed) == before | {row.number: row.text for row in read}
        total = database.scalar(select(func.count(Recommendation.id)))
        assert total == len(texts(followed))
    finally:
        point.rollback()
        database.expire_all()
