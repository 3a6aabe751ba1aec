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
    why_stopped,
    workbench,
)
from autograder.checks.leftovers import says_ten, without_bars

SERIES = ("loss", "accuracy", "val_loss", "val_accuracy")
CURVES = {
    "accuracy": [0.61, 0.74, 0.8],
    "loss": [1.25, 0.7, 0.52],
    "val_accuracy": [0.66, 0.71, 0.77],
    "val_loss": [1.1, 0.81, 0.64],
}


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
    reason, facts = why_stopped(outcome)
    if reason in ("name", "missing"):  # because something has failed before
        earlier = [why_stopped(failure.outcome) for failure in loaded(student).failures]
        reason, facts = next((each for each in earlier if each[0]), (reason, facts))
    expect(reason != "removed", "stopped_by", misconception="A11.6", **facts)
    expect(reason != "size", "stopped_by", misconception="A11.5", **facts)
    expect(reason != "labels", "stopped_by", misconception="A11.3", **facts)
    expect(reason != "key", "stopped_by", misconception="A11.7", **facts)
    expect(reason != "name", "stopped_by", misconception="A11.9", **facts)
    expect(reason != "glued", "stopped_by", misconception="A11.10", **facts)


def are_probabilities(outputs):
    """Whether each row is not negative and adds up to 1, within float32 and mixed precision."""
    return outputs.min() >= 0 and np.abs(outputs.sum(axis=1) - 1).max() < 1e-2


# ---- load ----


def loaded_digits(module, bench):
    if bench.script:
        factor, offset = bench.scaling()
        layers = [type(each).__name__ for each in bench.model().layers]
        own = "Rescaling" in layers or "Normalization" in layers
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


# ---- build_model ----


def built(student, rng):
    raw = rng.integers(0, 256, size=(4, 28, 28)).astype(np.uint8)
    return asked(student, structure, bench_of(student), raw, shows="asks_build")


@task("build_model", points=3)
def test_build_model_has_ten_outputs(student, rng):
    shape = built(student, rng)["outputs"].shape
    expect(shape == (4, 10), "output_shape", got=str(shape))


@task("build_model", points=5)
def test_build_model_has_two_hidden_layers(student, rng):
    kernels = built(student, rng)["kernels"]
    expect(len(kernels) == 3, "hidden_layers", got=len(kernels) - 1)
    sizes, here = [], 784
    for _ in kernels:
        step = [shape for shape in kernels if shape[0] == here and shape not in sizes]
        expect(step, "layer_chain", got=str(kernels))
        sizes.append(step[0])
        here = step[0][1]
    expect(here == 10, "layer_chain", got=str(kernels))


# ---- compile_model ----


def compiled_loss(student, rng):
    """The model's outputs, and its loss by the form of the labels."""
    bench = bench_of(student)
    raw = rng.integers(0, 256, size=(4, 28, 28)).astype(np.uint8)
    # The right classes get almost nothing: every cross-entropy is great, every distance is not.
    labels = np.array([3, 0, 9])
    scores = rng.normal(size=(3, 10)).astype(np.float32)
    scores[np.arange(3), labels] = -12
    model = asked(student, structure, bench, raw, shows="asks_build")
    facts = asked(student, loss_facts, bench, scores, labels, shows="asks_loss")
    return model["outputs"], facts


@task("compile_model", points=5)
def test_compile_model_has_a_loss_that_fits_the_output(student, rng):
    outputs, facts = compiled_loss(student, rng)
    known = [values for form in ("numbers", "one_hot") if None not in (values := facts[form])]
    expect(known, "no_loss")
    plain, moved, softmax = known[0]
    takes_logits = abs(moved - plain) < 1e-3 * abs(plain)
    expect((plain if takes_logits else softmax) > 4, "no_cross_entropy")
    probabilities = are_probabilities(outputs)
    twice = probabilities and takes_logits
    expect(not twice, "softmax_and_logits", misconception="A11.1")
    bounded = outputs.min() >= 0 and outputs.max() <= 1
    never = not probabilities and not takes_logits
    expect(not (never and not bounded), "no_softmax", misconception="A11.2")
    expect(not never, "sums_not_one", got=round(float(outputs[0].sum()), 3))


@task("compile_model", points=4)
def test_compile_model_has_a_loss_that_takes_these_labels(student, rng):
    facts = compiled_loss(student, rng)[1]
    form = facts["form"]
    other = "one_hot" if form == "numbers" else "numbers"
    expect([facts[form], facts[other]] != [[None] * 3] * 2, "no_loss")
    # A script that has trained has labels that fit.
    if not facts["script"]:
        expect(facts[form][0] is not None, "label_form", misconception="A11.3", form=form)


# ---- fit ----


def trained_a_little(module, bench, raw, labels):
    if bench.script:
        series = bench.trained(0)[1]
        return {"script": True, "series": {key: len(values) for key, values in series.items()}}
    if "little" not in bench.memory:
        model = bench.model()
        x, y = bench.shaped(raw, model), bench.labelled(labels)
        history = module.fit(model, x[:48], y[:48], x[48:], y[48:], 2)
        own = model.evaluate(x[48:], y[48:], verbose=0, return_dict=True)
        bench.memory["little"] = history, float(own["loss"])
    history, own = bench.memory["little"]
    told = getattr(history, "history", None)
    if not isinstance(told, dict):
        return {"script": False, "type": type(history).__name__}
    return {
        "script": False,
        "series": {str(key): len(values) for key, values in told.items()},
        "last": float(told["val_loss"][-1]) if "val_loss" in told else None,
        "own": own,
    }


def little_training(student):
    rng = np.random.default_rng(11)  # the same for both checks: the model is trained once
    raw = rng.integers(0, 256, size=(64, 28, 28)).astype(np.uint8)
    labels = rng.integers(0, 10, size=64)
    return asked(student, trained_a_little, bench_of(student), raw, labels, shows="asks_fit")


@task("fit", points=3)
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
    last, own = facts["last"], facts["own"]
    expect(
        last is not None, "no_validation", misconception="A11.7", keys=", ".join(facts["series"])
    )
    close = abs(last - own) <= 1e-3 * abs(own)
    expect(close, "other_validation", got=round(last, 4), wanted=round(own, 4))


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


@task("plot_history", points=10)
def test_plot_history_draws_four_curves(student):
    demand_curves(student, *drawn(student, CURVES))


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


def demand_share(got, scores, labels):
    expect(got is not None, "no_number")
    wanted = float(np.mean(scores.argmax(axis=1) == labels))
    itself = got == 1 and wanted != 1
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
    labels[:20] = said(weights, raw)[:20].argmax(axis=1)
    model = probe(student, given_model).kept(bench, weights)
    got = asked(student, measured, bench, model, raw, labels, shows="asks_accuracy")
    demand_share(got, said(weights, raw), labels)
