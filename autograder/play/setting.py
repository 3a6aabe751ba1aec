"""A set-up of the page: what is learnt, by which network, and how. Whatever a page asks is bounded.

It stands in the page's address, so that a set-up can be shared; reading one never fails: what is
no such value is the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = [
    "ACTIVATIONS",
    "BATCHES",
    "CLASSES",
    "DATA",
    "FEATURES",
    "LOSSES",
    "MOST_LAYERS",
    "MOST_UNITS",
    "NUMBERS",
    "RATES",
    "STRENGTHS",
    "Setting",
]

CLASSES = ("xor", "circles", "moons", "spirals", "gaussians")
NUMBERS = ("plane", "curve")
DATA = CLASSES + NUMBERS
FEATURES = ("x", "y", "xx", "yy", "xy", "sinx", "siny")
ACTIVATIONS = ("tanh", "sigmoid", "relu", "linear")
LOSSES = {"classes": ("bce", "mse", "l1", "l2", "rmse"), "numbers": ("mse", "l1", "l2", "rmse")}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
STRENGTHS = (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1)
BATCHES = (1, 2, 5, 10, 20, 50, 0)  # 0: all
MOST_LAYERS, MOST_UNITS = 4, 8


@dataclass(frozen=True)
class Setting:
    """What a network is made of and how it learns.

    data: one of DATA. noise: percent of the points' spread. share: percent of the points to train
    with; the others test. features: what goes in. layers: units of each hidden layer.
    rate: the learning rate. batch: samples of an update, 0 for all. l1, l2: strengths of the
    penalties. dropout: percent of hidden units that are dropped. own: names of the functions for
    which the course's own stand in.
    """

    data: str = "xor"
    noise: int = 10
    share: int = 50
    features: tuple[str, ...] = ("x", "y")
    layers: tuple[int, ...] = (4, 4)
    activation: str = "tanh"
    loss: str = "bce"
    rate: float = 0.1
    batch: int = 10
    l1: float = 0.0
    l2: float = 0.0
    dropout: int = 0
    seed: int = 1
    own: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["classes", "numbers"]:
        """Whether the target is a class, 0 or 1, or a number."""
        return "classes" if self.data in CLASSES else "numbers"

    @property
    def output(self) -> str:
        """The activation of the output unit."""
        return "sigmoid" if self.kind == "classes" else "linear"

    @property
    def sizes(self) -> list[int]:
        """The sizes of all layers of units, inputs first."""
        return [len(self.features), *self.layers, 1]

    def as_data(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {key: list(v) if type(v) is tuple else v for key, v in asdict(self).items()}

    @classmethod
    def read(cls, said: object) -> Setting:
        """Make a set-up of what a page says."""
        given: Mapping[str, Any] = said if isinstance(said, dict) else {}
        usual = cls()
        data = _one(given.get("data"), DATA, usual.data)
        losses = LOSSES["classes" if data in CLASSES else "numbers"]
        features = _several(given.get("features"), FEATURES)
        return cls(
            data=data,
            noise=_whole(given.get("noise"), 0, 50, usual.noise),
            share=_whole(given.get("share"), 10, 90, usual.share),
            features=features or usual.features,
            layers=_layers(given.get("layers"), usual.layers),
            activation=_one(given.get("activation"), ACTIVATIONS, usual.activation),
            loss=_one(given.get("loss"), losses, losses[0]),
            rate=_one(given.get("rate"), RATES, usual.rate),
            batch=_one(given.get("batch"), BATCHES, usual.batch),
            l1=_one(given.get("l1"), STRENGTHS, 0.0),
            l2=_one(given.get("l2"), STRENGTHS, 0.0),
            dropout=_whole(given.get("dropout"), 0, 80, 0),
            seed=_whole(given.get("seed"), 0, 9999, usual.seed),
            own=_names(given.get("own")),
        )


def _one(value: object, known: tuple[Any, ...], usual: Any) -> Any:
    # True is 1 to Python, and would be a learning rate.
    fits = isinstance(value, str | int | float) and not isinstance(value, bool)
    return next((each for each in known if fits and each == value), usual)


def _several(value: object, known: tuple[str, ...]) -> tuple[str, ...]:
    said = value if isinstance(value, list) else []
    return tuple(each for each in known if each in said)


def _whole(value: object, least: int, most: int, usual: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return usual
    return min(max(value, least), most)


def _layers(value: object, usual: tuple[int, ...]) -> tuple[int, ...]:
    if not isinstance(value, list):
        return usual
    return tuple(_whole(each, 1, MOST_UNITS, 1) for each in value[:MOST_LAYERS])


def _names(value: object) -> tuple[str, ...]:
    said = value[:64] if isinstance(value, list) else []
    return tuple(sorted({each for each in said if isinstance(each, str) and len(each) < 40}))
