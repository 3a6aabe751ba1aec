"""A class of learners, made up: right, mistaken, careless and hostile, with what each must get."""

from tools.classroom.attack import Target
from tools.classroom.made import Expectation, Full, Made, Named, Points
from tools.classroom.making import make_class, write_class

__all__ = [
    "SHOWN",
    "Expectation",
    "Full",
    "Made",
    "Named",
    "Points",
    "Target",
    "make_class",
    "write_class",
]

SHOWN = ("01_neuron", "02_gates")
"""The exercises of the demo: each of their tasks is a function, which an attack can replace."""
