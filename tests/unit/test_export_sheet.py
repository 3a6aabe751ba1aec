import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import GradeFlowError
from autograder.export.sheet import number, read_sheet, safe, to_csv
from autograder.export.tables import csv_of, json_of, stored_results
from autograder.model import Person, Result, Score, table_of_class, to_json


def table(*learners, exercise="01_tiny", task="double", name="", points=6.0):
    results = [Result(exercise, each, "f.py", Score(6.0, points)) for each in learners]
    roster = {each: Person(each, name, "a@x.edu") for each in learners}
    return table_of_class(exercise, {task: 6.0}, results, roster)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_text_that_a_spreadsheet_would_take_for_a_formula_is_made_harmless(text):
    assert safe([text]) == [f"'{text}"]


@pytest.mark.parametrize("text", ["Ann Lee", "王芳", "O'Neil", "a=b", "", "12"])
def test_ordinary_text_stays_as_it_is(text):
    assert safe([text]) == [text]


def test_no_cell_of_an_exported_table_begins_a_formula():
    data = csv_of([table("=cmd|' /C calc'!A0", name="@SUM(1)", exercise="-1", task="+x")])
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_excel_is_told_that_chinese_names_are_utf_8():
    data = csv_of([table("王 芳", name="王芳")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows_of(data)[0]["name"] == "王芳"


def test_no_score_is_an_empty_cell_beside_its_state_and_a_zero_is_a_zero():
    (withheld,) = rows_of(csv_of([table("ann", points=None)]))
    (zero,) = rows_of(csv_of([table("ann", points=0.0)]))
    assert (withheld["state"], withheld["points"], withheld["double"]) == ("withheld", "", "")
    assert (zero["state"], zero["points"], zero["double"]) == ("graded", "0", "0")


def test_several_exercises_stand_below_each_other_with_their_own_tasks():
    data = csv_of([table("ann"), table("ann", exercise="02_big", task="total")])
    first, second = rows_of(data)
    assert (first["01_tiny/double"], first["02_big/total"]) == ("0", "")
    assert (second["01_tiny/double"], second["02_big/total"]) == ("", "0")


def test_json_holds_a_state_for_each_task():
    whole = msgspec.json.decode(json_of([table("ann", points=None)]))
    (row,) = whole["tables"][0]["rows"]
    assert row["cells"] == [{"state": "withheld", "points": None}]


@pytest.mark.parametrize(
    ("points", "text"), [(None, ""), (0.0, "0"), (2.5, "2.5"), (60.0, "60"), (1 / 3, "0.3333")]
)
def test_points_are_written_with_no_more_digits_than_they_need(points, text):
    assert number(points) == text


NEWLINES = st.sampled_from(["\n", "\r\n"])
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1), NEWLINES, st.booleans())
def test_a_sheet_that_is_read_and_written_is_the_same_sheet(tmp_path_factory, rows, newline, bom):
    path = tmp_path_factory.mktemp("sheet") / "s.csv"
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=newline).writerows([["a", "b", "c"], *rows])
    data = ("\ufeff" * bom + stream.getvalue()).encode()
    path.write_bytes(data)
    assert to_csv(read_sheet(path)) == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        ("姓名,成绩\n".encode("gb18030"), "is not in UTF-8"),
        (b'a,b\n"x', "is not a CSV file"),
    ],
)
def test_a_file_that_is_no_sheet_is_told_in_a_sentence(tmp_path, data, says):
    path = tmp_path / "s.csv"
    path.write_bytes(data)
    with pytest.raises(GradeFlowError, match=says):
        read_sheet(path)


def test_semicolons_are_kept_where_a_sheet_has_them(tmp_path):
    path = tmp_path / "s.csv"
    path.write_bytes(b"Student;ID\r\nAnn;1,5\r\n")
    sheet = read_sheet(path)
    assert sheet.rows[1] == ("Ann", "1,5")
    assert to_csv(sheet) == b"Student;ID\r\nAnn;1,5\r\n"


def test_damaged_results_are_never_exported_as_if_they_were_all(tmp_path):
    good = Result("01_tiny", "ann", "f.py", Score(6.0, 6.0))
    (tmp_path / "ann.json").write_bytes(to_json(good))
    assert [each.learner for each in stored_results(tmp_path, "01_tiny")] == ["ann"]
    (tmp_path / "bob.json").write_bytes(b"{")
    with pytest.raises(GradeFlowError, match=r"bob\.json is damaged"):
        list(stored_results(tmp_path, "01_tiny"))


def test_results_of_another_exercise_are_refused(tmp_path):
    (tmp_path / "ann.json").write_bytes(to_json(Result("02_x", "ann", "f", Score(6.0, 6.0))))
    with pytest.raises(GradeFlowError, match="a result of 02_x, not of 01_tiny"):
        list(stored_results(tmp_path, "01_tiny"))


def test_without_results_it_is_said_what_makes_them(tmp_path):
    with pytest.raises(GradeFlowError, match="run `gradeflow grade 01_tiny"):
        stored_results(tmp_path / "none", "01_tiny")
