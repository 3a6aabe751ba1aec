# claim: A name that begins with line end is no formula.
# held: not formulas(value)

from autograder.export.tables import csv_of
from autograder.model import Person, Result, Score, table_of_class


def attack(room):
    made = Result("01_tiny", "x\n=1+1", "f.py", Score(6.0, 0.0))
    who = Person("x\n=1+1", "x\n=1+1", "x\n=1+1")
    table = table_of_class("01_tiny", {"double": 6.0}, [made], {made.learner: who})
    return csv_of([table]).decode("utf-8-sig")
