"""Checks that every learner gets."""

from itertools import pairwise

import numpy as np

from autograder.checks import CallFailed, expect, figures, loaded, probe, task
from autograder.checks.digits import (
    forward,
    given_model,
    history_object,
    left_behind,
    loss_facts,
    structure,
    trained_history,
    workbench,
)
from autograder.checks.leftovers import says_ten, without_bars
from autograder.checks.stopped import why_stopped

SERIES = ("loss", "accuracy", "val_loss", "val_accuracy")
CURVES = {
    "accuracy": [0.61, 0.74, 0.8],
    "loss": [1.25, 0.7, 0.52],
    "val_accuracy": [0.66, 0.71, 0.77],
    "val_loss": [1.1, 0.81, 0.64],
}


# Layers through which a straight line stays straight.
STRAIGHT = {
    *("InputLayer", "Dense", "Flatten", "Reshape", "Dropout", "GaussianNoise", "GaussianDropout"),
    *("Rescaling", "Normalization", "BatchNormalization", "Activation", "Identity"),
}


PARAMETERS = ("model", "history", "x", "y", "x_val", "y_val", "epochs")


# ---- asking, and naming what stopped the program ----


def asked(student, function, *args, shows=""):
    """Run a probe, and say what it is about where the exception itself tells."""
    try:
        return probe(student, function, shows=shows)(*args)
    except CallFailed as failed:
        demand_nothing_known(student, failed.exchange.outcome)
        raise


def bench_of(student):
    return probe(student, workbench).kept()


def demand_nothing_known(student, outcome):
    """Demand that a program was not stopped by what an exception's text gives away."""
    names = {*loaded(student).names, *PARAMETERS}
    reason, facts = why_stopped(outcome, names)
    if reason in ("name", "missing"):  # because something has failed before
        earlier = [why_stopped(each.outcome, names) for each in loaded(student).failures]
        reason, facts = next((each for each in earlier if each[0]), (reason, facts))
    says = "stopped_by" if facts.get("line") else "stopped_on_use"
    expect(reason != "removed", says, misconception="A11.6", **facts)
    expect(reason != "size", says, misconception="A11.5", **facts)
    expect(reason != "labels", says, misconception="A11.3", **facts)
    expect(reason != "key", says, misconception="A11.7", **facts)
    expect(reason != "name", says, misconception="A11.9", **facts)
    expect(reason != "glued", says, misconception="A11.10", **facts)


def are_probabilities(outputs):
    """Whether each row is not negative and adds up to 1, within float32 and mixed precision."""
    return outputs.min() >= 0 and np.abs(outputs.sum(axis=1) - 1).max() < 1e-2


# ---- load ----


def loaded_digits(module, bench):
    if bench.script:
        factor, offset = bench.scaling()
        model = bench.model()
        layers = [type(each).__name__ for each in getattr(model, "layers", [])]
        layers = [each for each in layers if each not in ("InputLayer", "Flatten", "Reshape")]
        # A layer before the first matrix, or a class of the script's own, may scale by itself.
        own = layers[:1] != ["Dense"] or type(model).__name__ not in ("Sequential", "Functional")
        return {"script": True, "ranges": [(offset, offset + 255 * factor)], "own": own}
    x, y, x_test, y_test = bench.data()
    return {
        "script": False,
        "shapes": [each.shape for each in (x, y, x_test, y_test)],
        "kinds": [each.dtype.kind for each in (x, y, x_test, y_test)],
        "ranges": [(float(each.min()), float(each.max())) for each in (x, x_test)],
    }


@task("load", points=3)
def test_load_gives_images_with_a_label_each(student):
    facts = asked(student, loaded_digits, bench_of(student), shows="asks_load")
    if facts["script"]:
        return
    x, y, x_test, y_test = facts["shapes"]
    expect(np.prod(x[1:]) == 784 and x[1:] == x_test[1:], "image_shape", got=str(x))
    fits = [len(shape) in (1, 2) and np.prod(shape[1:]) in (1, 10) for shape in (y, y_test)]
    expect(all(fits), "label_shape", got=str(y))
    expect(x[0] == y[0] and x_test[0] == y_test[0], "label_count", images=x[0], labels=y[0])


@task("load", points=4)
def test_load_scales_the_pixels_once(student):
    facts = asked(student, loaded_digits, bench_of(student), shows="asks_load")
    for low, high in facts["ranges"]:
        unscaled, twice = high > 254, low >= 0 and high < 0.1
        known = (unscaled or twice) and not facts.get("own")
        told = {"low": round(low, 6), "high": round(high, 6)}
        expect(not known, "pixel_range", misconception="A11.4", **told)
        if not facts["script"]:
            expect(abs(low) < 1e-6 and abs(high - 1) < 1e-6, "pixel_range", **told)


def some_digits(module, bench, picks):
    import keras
    import numpy as np

    if bench.script:
        return None
    raw = keras.datasets.mnist.load_data()
    x, y, x_test, y_test = bench.data()
    if len(x) != len(raw[0][0]) or len(x_test) != len(raw[1][0]):
        return {"sizes": [len(x), len(raw[0][0]), len(x_test), len(raw[1][0])]}
    told = []
    for images, labels, (known, numbers) in ((x, y, raw[0]), (x_test, y_test, raw[1])):
        rows = [int(pick * len(known)) for pick in picks]
        mine = [int(np.argmax(labels[i]) if bench.one_hot() else labels[i].item()) for i in rows]
        # Another check looks at the scale.
        there = images[rows].reshape(-1, 784) * (255 / max(float(images.max()), 1e-12))
        told.append([there, known[rows].reshape(-1, 784), mine, [int(numbers[i]) for i in rows]])
    return {"digits": told}


@task("load", points=3)
def test_load_gives_the_digits_of_mnist_in_their_order(student, rng):
    told = asked(student, some_digits, bench_of(student), rng.random(8), shows="asks_load")
    if told is None:
        return
    if "sizes" in told:
        train, wanted, test, wanted_test = told["sizes"]
        swapped = train == wanted_test and test == wanted
        expect(not swapped, "swapped", got=train, wanted=wanted)
        expect(False, "how_many", train=train, test=test, wanted=wanted, wanted_test=wanted_test)
    for images, known, labels, numbers in told["digits"]:
        expect(np.allclose(images, known, atol=0.1), "other_digits")
        expect(labels == numbers, "other_labels", got=str(labels), wanted=str(numbers))


# ---- build_model ----


# The same for all who ask what a model is made of: it is built once.
IMAGES = np.random.default_rng(11).integers(0, 256, size=(12, 28, 28)).astype(np.uint8)


def built(student):
    return asked(student, structure, bench_of(student), IMAGES, shows="asks_build")


def demand_ten_outputs(facts):
    shape = facts["outputs"].shape
    expect(shape == (len(IMAGES), 10), "output_shape", n=len(IMAGES), got=str(shape))


@task("build_model", points=2)
def test_build_model_has_ten_outputs(student):
    demand_ten_outputs(built(student))


@task("build_model", points=5)
def test_build_model_has_two_hidden_layers(student):
    kernels = built(student)["kernels"]
    expect(len(kernels) == 3, "hidden_layers", got=len(kernels) - 1)
    sizes, here = [], 784
    for _ in kernels:
        step = [shape for shape in kernels if shape[0] == here and shape not in sizes]
        expect(step, "layer_chain", got=str(kernels))
        sizes.append(step[0])
        here = step[0][1]
    expect(here == 10, "layer_chain", got=str(kernels))


def two_models(module, bench):
    """Whether two models are one, or share weights."""
    if bench.script:
        return False, False
    one, other = module.build_model(), module.build_model()
    mine = {id(each) for each in one.weights}
    return one is other, any(id(each) in mine for each in other.weights)


@task("build_model", points=1)
def test_build_model_makes_a_new_model_each_time(student):
    same, shared = asked(student, two_models, bench_of(student), shows="asks_build")
    expect(not same and not shared, "same_model")


def scores_of(outputs):
    """Scores before a softmax, up to a constant for each row."""
    if outputs.min() > 0 and np.abs(outputs.sum(axis=1) - 1).max() < 1e-2:
        logs = np.log(outputs)
        return logs - logs[:, :1]
    return outputs


@task("build_model", points=7)
def test_build_model_bends_between_its_layers(student):
    facts = built(student)
    demand_ten_outputs(facts)
    ends, middle = scores_of(facts["outputs"]), scores_of(facts["halfway"])
    bend = np.abs(2 * middle - ends - ends[:1]).max() / max(np.abs(ends - ends[:1]).max(), 1e-12)
    # float32 leaves about 1e-6 of a straight line, activations of any kind more than 1e-2.
    expect(bend > 1e-3, "straight")
    expect(not has_linear_layer(facts["layers"]), "layer_straight")


def has_linear_layer(layers):
    """Whether two Dense layers follow one another with nothing that bends between them."""
    bends = True
    for name, activation in layers:
        if name == "Dense":
            if not bends:
                return True
            bends = activation != "linear"
        elif name not in STRAIGHT or (name == "Activation" and activation != "linear"):
            bends = True
    return False


# ---- compile_model ----


def compiled_loss(student):
    """The model's outputs, and its loss by the form of the labels."""
    # The right classes get almost nothing: every cross-entropy is great, every distance is not.
    labels = np.array([3, 0, 9])
    scores = np.random.default_rng(11).normal(size=(3, 10)).astype(np.float32)
    scores[np.arange(3), labels] = -12
    model = built(student)
    demand_ten_outputs(model)
    facts = asked(student, loss_facts, bench_of(student), scores, labels, shows="asks_loss")
    return model["outputs"], facts


def compiled_kind(module, bench):
    import keras

    if bench.script:
        return "model"
    made = module.build_model()
    got = module.compile_model(made)
    if not isinstance(got, keras.Model):
        return type(got).__name__
    return "model" if got.compiled else "raw"


@task("compile_model", points=1)
def test_compile_model_returns_the_compiled_model(student):
    kind = asked(student, compiled_kind, bench_of(student), shows="asks_compiled")
    expect(kind != "raw", "not_compiled")
    expect(kind == "model", "no_model", got=kind)


@task("compile_model", points=4)
def test_compile_model_has_a_loss_that_fits_the_output(student):
    outputs, facts = compiled_loss(student)
    if demand_learnt_by_hidden_loss(student, facts):
        return
    known = [values for form in ("numbers", "one_hot") if None not in (values := facts[form])]
    expect(known, "no_loss")
    expect(is_cross_entropy(known[0]), "no_cross_entropy")
    takes_logits = is_of_logits(known[0])
    probabilities = are_probabilities(outputs)
    twice = probabilities and takes_logits
    expect(not twice, "softmax_and_logits", misconception="A11.1")
    bounded = outputs.min() >= 0 and outputs.max() <= 1
    never = not probabilities and not takes_logits
    expect(not (never and not bounded), "no_softmax", misconception="A11.2")
    expect(not never, "sums_not_one", got=round(float(outputs[0].sum()), 3))


def is_of_logits(values):
    """Whether a loss takes scores: to move them all changes nothing."""
    plain, moved, _ = values
    return abs(moved - plain) < 1e-3 * abs(plain)


def is_cross_entropy(values):
    """Whether a loss is great where the right class gets nothing."""
    plain, _, softmax = values
    return (plain if is_of_logits(values) else softmax) > 4


def right_share(module, bench):
    import keras
    import numpy as np

    raw, labels = keras.datasets.mnist.load_data()[1]
    model = bench.model()
    scores = np.asarray(model.predict(bench.shaped(raw[:500], model), verbose=0))
    return float(np.mean(scores.argmax(axis=1) == labels[:500]))


def demand_learnt_by_hidden_loss(student, facts):
    """Tell whether a script's loss is out of sight; demand then that it has taught the model."""
    if facts["hidden"]:
        share = asked(student, right_share, bench_of(student), shows="asks_script")
        expect(share > 0.5, "no_loss")
    return facts["hidden"]


@task("compile_model", points=4)
def test_compile_model_has_a_loss_that_takes_these_labels(student):
    facts = compiled_loss(student)[1]
    if demand_learnt_by_hidden_loss(student, facts):
        return
    form = facts["form"]
    other = "one_hot" if form == "numbers" else "numbers"
    expect([facts[form], facts[other]] != [[None] * 3] * 2, "no_loss")
    # A script that has trained has labels that fit.
    if not facts["script"] and facts[form][0] is None:
        expect(is_cross_entropy(facts[other]), "no_cross_entropy")
        expect(False, "label_form", misconception="A11.3", form=form)


def learned(module, bench):
    """Losses before and after some epochs on real digits, and whether a weight has moved."""
    import keras
    import numpy as np

    if bench.script:
        series = bench.trained(0)[1].get("loss", [0.0])
        return [float(series[0]), float(min(series)), True, ["accuracy"]]
    raw, labels = keras.datasets.mnist.load_data()[0]
    model = bench.model()
    x, y = bench.shaped(raw[:200], model), bench.labelled(labels[:200])
    before = float(model.evaluate(x, y, verbose=0, return_dict=True)["loss"])
    weights = [np.array(each) for each in model.trainable_weights]  # now a subclass has them too
    fitted = model.fit(x, y, epochs=5, batch_size=20, validation_data=(x, y), verbose=0).history
    now = [np.array(each) for each in model.trainable_weights]
    moved = any(not np.array_equal(a, b) for a, b in zip(weights, now, strict=True))
    best = min([*fitted["loss"][1:], *fitted["val_loss"]])
    return [before, float(best), moved, [key for key in fitted if "acc" in key]]


@task("compile_model", points=6)
def test_compile_model_has_an_optimizer_that_learns(student):
    bench = bench_of(student)
    told = asked(student, learned, bench, shows="asks_learning")
    before, after, moved, measures = told
    script = asked(student, is_script, bench)
    # Of one epoch a script has nothing to compare.
    falls = moved and (after < before or (script and after == before > 0))
    expect(falls, "does_not_learn", before=round(before, 4), after=round(after, 4))
    expect(measures, "no_metric")


# ---- fit ----


def trained_a_little(module, bench):
    if bench.script:
        series = bench.trained(0)[1]
        return {"script": True, "series": {key: len(values) for key, values in series.items()}}
    history = bench.fitted()[1]
    told = getattr(history, "history", None)
    if not isinstance(told, dict):
        return {"script": False, "type": type(history).__name__}
    return {"script": False, "series": {str(key): len(values) for key, values in told.items()}}


def little_training(student):
    return asked(student, trained_a_little, bench_of(student), shows="asks_fit")


@task("fit", points=2)
def test_fit_returns_a_history_of_four_series(student):
    facts = little_training(student)
    expect("series" in facts, "no_history", got=facts.get("type", ""))
    series = facts["series"]
    if facts["script"] and not series:
        demand_whole(student)
    validated = any(key.startswith("val_") for key in series)
    expect(validated, "no_validation", misconception="A11.7", keys=", ".join(series))
    measured = [key for key in series if "acc" in key]
    expect(len(measured) >= 2, "no_accuracy", keys=", ".join(series))
    if not facts["script"]:
        missing = [key for key in SERIES if key not in series]
        expect(not missing, "other_key", keys=", ".join(series), missing=", ".join(missing))
        expect(set(series.values()) == {2}, "epochs", wanted=2, got=series["loss"])


@task("fit", points=2)
def test_fit_validates_on_the_digits_that_it_is_given_for_that(student):
    facts = little_training(student)
    if facts["script"]:
        return
    expect("series" in facts, "no_history", got=facts.get("type", ""))
    found = asked(student, validation, bench_of(student), shows="asks_fit")
    expect(found, "no_validation", misconception="A11.7", keys=", ".join(facts["series"]))
    told, own = found
    # The last, unless fit has put the best weights back.
    close = any(abs(each - own) <= 1e-3 * abs(own) for each in told)
    expect(close, "other_validation", got=round(told[-1], 4), wanted=round(own, 4))


def validation(module, bench):
    """The validation losses that fit has told, and that of its model on these digits."""
    model, history, _, digits = bench.fitted()
    told = [float(each) for each in history.history.get("val_loss", [])]
    return told and [told, float(model.evaluate(*digits, verbose=0, return_dict=True)["loss"])]


def sevens(module, bench):
    """How likely a 7 is, before and after fit on other digits that are all labelled 7."""
    return (0.0, 1.0) if bench.script else bench.fitted()[2]


@task("fit", points=1)
def test_fit_trains_on_the_digits_that_it_is_given(student):
    before, after = asked(student, sevens, bench_of(student), shows="asks_sevens")
    expect(after > before + 0.1, "other_training", before=round(before, 3), after=round(after, 3))


# ---- plot_history ----


def drawn(student, series):
    """The curves of each coordinate system: a script's of all its figures."""
    bench = bench_of(student)
    if asked(student, is_script, bench):
        return figures(student, shows="asks_plot"), asked(student, trained_history, bench, 0)
    history = probe(student, history_object).kept(series)
    try:
        return figures(student, "plot_history", history, shows="asks_plot"), series
    except CallFailed as failed:
        demand_nothing_known(student, failed.exchange.outcome)
        raise


def demand_whole(student):
    """Demand that a script, of which something is missing, did not break off before."""
    for failure in loaded(student).failures:
        demand_nothing_known(student, failure.outcome)


def is_script(module, bench):
    return bench.script


def demand_curves(student, found, series):
    lines = [line.y for figure in found for line in figure.lines]
    if not lines:
        demand_whole(student)
    expect(lines, "no_figure")
    for key, values in series.items():
        if "loss" in key or "acc" in key:
            there = [y.shape == np.shape(values) and np.allclose(y, values) for y in lines]
            expect(any(there), "no_curve", key=key)


@task("plot_history", points=8)
def test_plot_history_draws_four_curves(student):
    demand_curves(student, *drawn(student, CURVES))


@task("plot_history", points=2)
def test_plot_history_says_which_curve_is_which(student):
    found, series = drawn(student, CURVES)
    demand_curves(student, found, series)
    if asked(student, is_script, bench_of(student)):
        return
    for figure in found:
        for axes in figure.axes:
            curves = sum(is_of(line, series) for line in axes.lines)
            one_for_each = len(axes.legend) + len(figure.legend) >= curves
            alone = curves == 1 and bool(axes.title or axes.ylabel)
            expect(one_for_each or alone, "no_legend", curves=curves)


def is_of(line, series):
    """Whether a line is one of the series: others help the eye, and need no name."""
    return any(
        line.y.shape == np.shape(each) and np.allclose(line.y, each) for each in series.values()
    )


# ---- first10 ----


def given_weights(rng):
    sizes = (784, 12, 11, 10)
    pairs = [(rng.normal(size=pair) / 8, rng.normal(size=pair[1])) for pair in pairwise(sizes)]
    return [each.astype(np.float32) for pair in pairs for each in pair]


def said(weights, raw):
    """What a network with these weights says of images: (n, 10)."""
    names = ["relu"] * (len(weights) // 2 - 1) + ["softmax"]
    stack = list(zip(names, weights[::2], weights[1::2], strict=True))
    return forward(raw / 255, stack)


def first_ten(module, bench, model, raw):
    import numpy as np

    return np.asarray(module.first10(model, bench.shaped(raw, model)))


def demand_ten_of_script(student, facts):
    wanted = [int(each) for each in facts["outputs"][:10].argmax(axis=1)]
    there = says_ten(facts["tens"], facts["printed"], wanted)
    if not there:
        demand_whole(student)
    expect(there, "no_ten", wanted=str(wanted))


def left_by(student, bench):
    facts = asked(student, left_behind, bench, shows="asks_script")
    return {**facts, "printed": without_bars(loaded(student).output)}


@task("first10", points=5)
def test_first10_gives_the_classes_of_the_first_ten_images(student, rng):
    bench = bench_of(student)
    if asked(student, is_script, bench):
        demand_ten_of_script(student, left_by(student, bench))
        return
    raw = rng.integers(0, 256, size=(13, 28, 28)).astype(np.uint8)
    weights = given_weights(rng)
    model = probe(student, given_model).kept(bench, weights)
    got = asked(student, first_ten, bench, model, raw, shows="asks_first10")
    demand_ten(got, said(weights, raw))


def demand_ten(got, scores):
    expect(np.shape(got) == (10,), "ten_shape", got=str(np.shape(got)))
    expect(got.dtype.kind in "iu", "ten_type", got=str(got.dtype))
    wanted = scores[:10].argmax(axis=1)
    # Two classes that are as likely but for rounding are both right.
    right = scores[np.arange(10), np.clip(got, 0, 9)] >= scores[:10].max(axis=1) - 1e-5
    expect(right.all() and (got < 10).all(), "ten_wrong", got=str(got), wanted=str(wanted))


# ---- accuracy ----


def measured(module, bench, model, raw, labels):
    import numpy as np

    value = module.accuracy(model, bench.shaped(raw, model), bench.labelled(labels))
    array = np.asarray(value)
    return float(array) if array.size == 1 and array.dtype.kind in "iuf" else None


def demand_share(got, of_wrong, scores, labels):
    """Demand a share; of_wrong is the one that is told where no label is right."""
    expect(got is not None, "no_number")
    wanted = float(np.mean(scores.argmax(axis=1) == labels))
    itself = got == 1 == of_wrong
    expect(not itself, "itself", misconception="A11.8", wanted=round(wanted, 4))
    # 1e-6: float32 holds a share to 6e-8, and one digit of a million would show.
    expect(abs(got - wanted) <= 1e-6, "share_wrong", got=round(got, 6), wanted=round(wanted, 6))


@task("accuracy", points=4)
def test_accuracy_is_the_share_of_right_answers(student, rng):
    bench = bench_of(student)
    if asked(student, is_script, bench):
        demand_whole(student)
        broken = [failure.part for failure in loaded(student).failures]
        expect(not broken, "breaks_off", part=", ".join(broken))
        return
    raw = rng.integers(0, 256, size=(40, 28, 28)).astype(np.uint8)
    weights, labels = given_weights(rng), rng.integers(0, 10, size=40)
    scores = said(weights, raw)
    seen = scores.argmax(axis=1)
    labels[::2] = seen[::2]  # so that no part of them has the share of the whole
    model = probe(student, given_model).kept(bench, weights)
    ask = (student, measured, bench, model, raw)
    of_wrong = asked(*ask, (seen + 1) % 10, shows="asks_accuracy")
    demand_share(asked(*ask, labels, shows="asks_accuracy"), of_wrong, scores, labels)
