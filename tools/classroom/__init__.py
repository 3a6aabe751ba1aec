"""A class of learners, made up: right, mistaken, careless and hostile, with what each must get."""

from tools.classroom.attack import Target
from tools.classroom.choice import choose
from tools.classroom.made import Anything, Expectation, Full, Made, Named, Points
from tools.classroom.making import make_class, write_class
from tools.classroom.ordinary import make_ordinary

__all__ = [
    "SHOWN",
    "Anything",
    "Expectation",
    "Full",
    "Made",
    "Named",
    "Points",
    "Target",
    "choose",
    "make_class",
    "make_ordinary",
    "write_class",
]

SHOWN = {"01_neuron": None, "02_gates": None, "03_xor": None, "10_xor_torch": 24, "11_mnist": 12}
"""The exercises of the demo, one for each framework among them, and how many of the class are
chosen where each trains for seconds; None for all."""
