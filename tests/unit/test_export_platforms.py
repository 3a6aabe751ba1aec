"""Canvas' and Moodle's own files: what is written into them, and that nothing else changes."""

import csv
import io

import pytest

from autograder.errors import GradeFlowError
from autograder.export.canvas import canvas_target
from autograder.export.merge import fill
from autograder.export.moodle import gradebook_sheet, worksheet_target
from autograder.export.people import Roll, keys_of, read_roster
from autograder.export.sheet import to_csv
from autograder.model import Person, Result, Score, table_of_class

# As Canvas writes it: policies above the points, a custom column, read-only totals, a test student.
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,01_tiny (4711),Other (4712),Final Score
,,,,,,Manual Posting,,
    Points Possible,,,,,,6.00,10.00,(read only)
"Lee, Ann",101,u-ann,ann@x.edu,"A and ""B"" et al.",=1+1,,3.00,30.00
"王, 芳",102,u-fang,fang@x.edu,A,,1.00,N/A,10.00
"Roe, Bob",103,u-bob,bob@x.edu,A,,EX,,0.00
"Cem, Can",104,u-can,can@x.edu,A,,5.00,,50.00
"Student, Test",105,,f00,A,,,,
"""
MOODLE = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 901,Ann Lee,s-1,ann@x.edu,Submitted,,6.00,Yes,"Monday, 1 June 2026",-,<p>hi</p>
Participant 902,芳 王,s-2,fang@x.edu,Submitted,,6.00,Yes,-,-,
Participant 903,Bob Roe,s-3,bob@x.edu,No submission,2.00,6.00,No,-,-,
"""


def table(**points):
    results = [
        Result("01_tiny", learner, "f.py", Score(6.0, value)) for learner, value in points.items()
    ]
    return table_of_class("01_tiny", {"double": 6.0}, results)


def cells(data):
    return list(csv.reader(io.StringIO(data.decode())))


@pytest.fixture
def canvas(tmp_path, tiny_exercise):
    exercise = tiny_exercise()

    def target(text=CANVAS, column=None):
        path = tmp_path / "canvas.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return canvas_target(path, exercise, column)

    return target


@pytest.fixture
def moodle(tmp_path):
    def target(text=MOODLE, column=None):
        path = tmp_path / "worksheet.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return worksheet_target(path, column)

    return target


def test_canvas_gets_the_scores_in_one_column_and_keeps_every_other_cell(canvas):
    filled = fill(canvas(), table(**{"ann@x.edu": 5.5, "u-fang": 0.0}))
    before, after = cells(CANVAS.encode()), cells(to_csv(filled.sheet))
    assert [row[6] for row in after] == [
        "01_tiny (4711)", "Manual Posting", "6.00", "5.5", "0", "EX", "5.00", ""
    ]  # fmt: skip
    for row in (*before, *after):
        del row[6]
    assert before == after


def test_names_of_files_from_a_zip_of_canvas_find_their_rows_by_number(canvas):
    filled = fill(canvas(), table(leeann_101=5.0, 王芳_102=4.0))
    assert [row[6] for row in filled.sheet.rows[3:5]] == ["5", "4"]


def test_without_a_score_a_cell_stays_as_it_was(canvas):
    filled = fill(canvas(), table(can=None, ann=6.0))
    assert filled.sheet.rows[6][6] == "5.00"  # an empty cell would remove the score in Canvas
    assert [(row.learner, row.state.value) for row in filled.without] == [("can", "withheld")]


def test_who_is_excused_stays_excused_and_is_told(canvas):
    filled = fill(canvas(), table(bob=6.0, ann=1.0))
    assert filled.sheet.rows[5][6] == "EX"
    assert filled.closed == ("bob",)


def test_learners_whom_the_file_does_not_hold_are_told(canvas):
    filled = fill(canvas(), table(ann=1.0, nobody=6.0))
    assert (filled.written, filled.unknown) == (1, ("nobody",))


@pytest.mark.parametrize("column", [None, "4711", "01_tiny", "01_tiny (4711)", "01_TINY"])
def test_an_assignment_of_canvas_is_named_by_title_id_or_both(canvas, column):
    assert canvas(column=column).column == 6


def test_an_assignment_that_canvas_has_not_is_never_made_up(canvas):
    with pytest.raises(GradeFlowError, match=r"no column called `Nothing`.*`Other`|`01_tiny`"):
        canvas(column="Nothing")
    with pytest.raises(GradeFlowError, match="no column called"):
        canvas(CANVAS.replace("01_tiny (4711)", "Gone (1)"))


def test_a_total_of_canvas_cannot_be_chosen(canvas):
    with pytest.raises(GradeFlowError, match="no column called `Final Score`"):
        canvas(column="Final Score")


def test_a_file_that_is_not_of_canvas_is_refused(canvas):
    with pytest.raises(GradeFlowError, match="no gradebook of Canvas"):
        canvas("name,grade\nAnn,1\n")


def test_other_points_are_refused_or_converted_but_never_written_as_they_are(canvas):
    target = canvas(CANVAS.replace("6.00,10.00", "12.00,10.00"))
    with pytest.raises(GradeFlowError, match=r"01_tiny has 6 points, but .* says 12"):
        fill(target, table(ann=3.0))
    assert fill(target, table(ann=3.0), scale=True).sheet.rows[3][6] == "6"


def test_two_results_for_one_row_are_refused(canvas):
    with pytest.raises(GradeFlowError, match=r"ann and leeann_101 both belong to row 4"):
        fill(canvas(), table(ann=1.0, leeann_101=2.0))


def test_a_class_of_strangers_is_refused(canvas):
    with pytest.raises(GradeFlowError, match="None of the 1 learners is in"):
        fill(canvas(), table(stranger=1.0))


def test_a_worksheet_of_moodle_gets_grades_and_keeps_every_other_cell(moodle):
    names = {"Ann Lee_901": 5.5, "fang@x.edu": 0.0, "s-3": 1.0}
    filled = fill(moodle(), table(**names))
    before, after = cells(MOODLE.encode()), cells(to_csv(filled.sheet))
    assert [row[5] for row in after] == ["Grade", "5.5", "0", "2.00"]  # the last one is locked
    assert filled.closed == ("s-3",)
    for row in (*before, *after):
        del row[5]
    assert before == after


def test_a_worksheet_in_another_language_is_filled_where_its_column_is_named(moodle):
    head, _, rest = MOODLE.partition("\n")
    chinese = "标识符,全名,ID,电邮,状态,成绩,最高成绩,可改,提交,评分,评语\n"
    assert head.count(",") == chinese.count(",")
    with pytest.raises(GradeFlowError, match="no grading worksheet of Moodle"):
        moodle(chinese + rest)
    filled = fill(moodle(chinese + rest, "成绩"), table(**{"Ann Lee_901": 5.0}))
    assert filled.sheet.rows[1][5] == "5"


@pytest.mark.parametrize(
    ("yes", "no"), [("Ja", "Nein"), ("是", "否"), ("Oui", "Non"), ("Evet", "Hayır"), ("Да", "Нет")]
)
def test_a_locked_row_is_left_alone_in_any_language(moodle, yes, no):
    head, _, rest = MOODLE.partition("\n")
    text = rest.replace(",Yes,", f",{yes},").replace(",No,", f",{no},")
    names = ",".join(f"Spalte {place}" for place in range(head.count(",") + 1))
    filled = fill(
        moodle(f"{names}\n{text}", "Spalte 5"), table(**{"Ann Lee_901": 1.0, "Bob Roe_903": 2})
    )
    assert [row[5] for row in filled.sheet.rows[1:]] == ["1", "", "2.00"]
    assert filled.closed == ("Bob Roe_903",)


def test_a_lock_in_a_language_that_is_not_known_is_refused(moodle):
    text = MOODLE.replace(",Yes,", ",Ee,").replace(",No,", ",Mba,").replace("can be", "?")
    with pytest.raises(GradeFlowError, match=r"says 'ee'.*neither a known yes nor a known no"):
        moodle(text)


def test_a_worksheet_without_a_workflow_has_no_locks(moodle):
    rows = [row[:7] + row[8:] for row in csv.reader(io.StringIO(MOODLE))]
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    assert fill(moodle(stream.getvalue()), table(**{"s-3": 2.0})).closed == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [(",6.00,", ",-,"), ("901,Ann Lee,s-1,ann@x.edu,Submitted,,6.00", "1,A,s,a,S,,7")],
)
def test_a_worksheet_whose_maximum_cannot_be_read_is_refused(moodle, old, new):
    text = MOODLE.replace(old, new).replace("Maximum Grade", "Höchste Bewertung")
    with pytest.raises(GradeFlowError, match="does not say the greatest possible grade"):
        moodle(text)


def test_a_maximum_of_any_name_is_held(moodle):
    text = MOODLE.replace("6.00", "3,00").replace("3,00", '"3,00"').replace("Maximum Grade", "Max")
    with pytest.raises(GradeFlowError, match=r"has 6 points, but .* says 3"):
        fill(moodle(text), table(**{"s-1": 6.0}))


def test_a_grade_that_moodle_would_skip_without_a_word_is_refused(moodle):
    with pytest.raises(GradeFlowError, match=r"has 6 points, but .* says 3"):
        fill(moodle(MOODLE.replace("6.00", "3.00")), table(**{"s-1": 6.0}))


def test_the_gradebooks_import_names_only_who_has_a_score():
    roster = {"ann": Person("ann", "=Ann", "ann@x.edu")}
    results = [
        Result("01_tiny", learner, "f.py", Score(6.0, points))
        for learner, points in (("ann", 0.0), ("bob", None))
    ]
    made = gradebook_sheet(table_of_class("01_tiny", {"double": 6.0}, results, roster))
    assert made.rows == (
        ("ID number", "Email address", "Full name", "01_tiny"),
        ("ann", "ann@x.edu", "'=Ann", "0"),
    )


@pytest.mark.parametrize(
    ("learner", "place"),
    [
        ("ANN@x.edu", 0), ("Ann Lee", 0), ("lee, ann", 0), ("leeann", 0), ("leeann_101", 0), ("ann", 0),  # noqa: E501
        ("x_101", None), ("leeann_102", None), ("Kim_103", 2),
        ("Kim", None), ("nobody", None), ("x_999", None), ("", None),
    ],
)  # fmt: skip
def test_a_learner_is_found_by_id_number_name_or_mail_and_never_guessed(learner, place):
    people = [
        keys_of(["ann@x.edu"], ["101"], ["Lee, Ann"]),
        keys_of(["k1"], ["102"], ["Kim"]),
        keys_of(["k2"], ["103"], ["Kim"]),
    ]
    assert Roll(people).find(learner) == place


@pytest.mark.parametrize(
    "text",
    [
        "id,last_name,first_name,email\ns1,Lee,Ann,ann@x.edu\ns2,王,芳,\n",
        "learner;name;email\ns1;Ann Lee;ann@x.edu\ns2;王芳;\n",
    ],
)
def test_a_roster_says_who_a_result_is_of_and_who_handed_in_nothing(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    known, missing = read_roster(path).split(["Ann Lee_77"])
    assert known == {"Ann Lee_77": Person("s1", "Ann Lee", "ann@x.edu")}
    assert missing == (Person("s2", "王芳"),)


def test_a_number_in_a_name_never_gives_one_learner_what_is_anothers(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "id,name,email\nben12,Ben Bo,ben@x.edu\nann7,Ann Ahn,ann@x.edu\n01,Cy Co,\n"
        "d1,Dan Do,\nd2,Dan Do,\n",
        encoding="utf-8",
    )
    learners = ["Ann Ahn_12", "stranger_12", "x_01", "Dan Do_5", "Cy Co_3", "Cy Co_4"]
    known, missing = read_roster(path).split(learners)
    assert {who: person.id for who, person in known.items()} == {"Ann Ahn_12": "ann7"}
    assert [person.id for person in missing] == ["ben12", "d1", "d2"]


def test_the_rosters_own_id_goes_where_moodle_wants_it(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Identifier,Full name,ID number\nParticipant 901,Ann Lee,00/7\n")
    results = [
        Result("01_tiny", learner, "f.py", Score(6.0, 5.0)) for learner in ("Ann Lee_901", "Bo_902")
    ]
    known, missing = read_roster(path).split([each.learner for each in results])
    made = gradebook_sheet(table_of_class("01_tiny", {"double": 6.0}, results, known, missing))
    assert made.rows[1:] == (("00/7", "", "Ann Lee", "5"),)


def test_a_log_in_is_found_before_the_at_only_where_all_are_of_one_domain():
    one = [keys_of(["ann@x.edu"]), keys_of(["bo@x.edu"])]
    two = [keys_of(["ann@x.edu"]), keys_of(["bo@y.edu"])]
    assert (Roll(one).find("ann"), Roll(two).find("ann")) == (0, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [("points\n1\n", "no column with the learners' ids"), ("id\na\nA\n", "two rows for A")],
)
def test_a_roster_that_cannot_be_used_says_why(tmp_path, text, says):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GradeFlowError, match=says):
        read_roster(path)
