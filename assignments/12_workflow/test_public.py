"""Checks that every learner gets."""

import numpy as np
import pytest

from autograder.checks import (
    Seed,
    agree,
    code,
    expect,
    figures,
    leaves_arguments_alone,
    probe,
    task,
)

NAMES = ("train", "validation", "test")
HISTORY = {
    "loss": [0.9, 0.5, 0.3, 0.2],
    "accuracy": [0.4, 0.7, 0.8, 1.0],
    "val_loss": [1.0, 0.6, 0.7, 0.8],
    "val_accuracy": [0.3, 0.6, 0.7, 0.65],
}


def demand_a_split(parts, X, y):
    """Demand the three parts of the distinct rows of X, and return where their rows stand in X."""
    whole = isinstance(parts, dict) and set(NAMES) <= set(parts)
    pairs = whole and all(isinstance(parts[n], list | tuple) and len(parts[n]) == 2 for n in NAMES)
    expect(pairs, "split_form")
    pairs = {name: (np.asarray(parts[name][0]), np.asarray(parts[name][1])) for name in NAMES}
    for Xs, ys in pairs.values():
        right = Xs.ndim == 2 and Xs.shape[1] == X.shape[1] and ys.shape == Xs.shape[:1]
        expect(right, "part_shape", xs=str(Xs.shape), ys=str(ys.shape), d=X.shape[1])
    rows = {name: row_numbers(X, Xs) for name, (Xs, _) in pairs.items()}
    together = all(np.array_equal(y[rows[name]], ys) for name, (_, ys) in pairs.items())
    expect(together, "torn_apart")
    demand_no_leak(rows)
    within = all(len(np.unique(each)) == len(each) for each in rows.values())
    expect(within, "copies_within", misconception="A12.6")
    m = len(np.unique(X, axis=0))
    wanted = [m - 2 * (m // 5), m // 5, m // 5]
    got = [len(rows[name]) for name in NAMES]
    expect(got == wanted, "sizes", n=len(X), m=m, got=str(got), wanted=str(wanted))
    return rows


def row_numbers(X, Xs):
    """Find rows in X; of equal rows the first one counts."""
    if not len(Xs):
        return np.zeros(0, dtype=int)
    distance = np.abs(Xs[:, None, :] - X[None, :, :]).max(axis=2)
    expect(np.all(distance.min(axis=1) < 1e-9), "strange_rows")
    return distance.argmin(axis=1)


def demand_no_leak(rows):
    for one, other in [("train", "test"), ("train", "validation"), ("validation", "test")]:
        count = len(set(rows[one].tolist()) & set(rows[other].tolist()))
        facts = {"count": count, "one": one, "other": other}
        expect(count == 0, "leak", misconception="A12.6", **facts)


def wavy(model, X, y):
    """A loss that every part of the data ranks in its own way; runs on either side."""
    import numpy as np

    return float(np.abs(np.sin(3 * model["k"] + 10 * X.mean() + y.mean())))


def choose_watched(program, parts, configs, truth):
    """Choose, and write down what fit and loss were called with."""
    import numpy as np

    calls = []

    def fit(config, X, y, X_val, y_val):
        rows = [np.array(each) for each in (X, y, X_val, y_val)]
        calls.append(("fit", config["k"], *rows))
        return {"k": config["k"], "number": sum(call[0] == "fit" for call in calls)}

    def loss(model, X, y):
        calls.append(("loss", model["k"], np.array(X), np.array(y)))
        return truth(model, X, y)

    before = dict(parts), list(configs)
    got = program.choose(parts, configs, fit, loss)
    kept = set(parts) == set(before[0]) and [*configs] == before[1]
    return calls, got, kept and all(parts[name] is before[0][name] for name in before[0])


def same_part(X, y, part):
    return np.array_equal(X, part[0]) and np.array_equal(y, part[1])


def holds_rows_of(X, part):
    """Whether a row of a part stands in X."""
    same_width = X.ndim == 2 and X.shape[1] == part[0].shape[1]
    return same_width and bool((X[:, None, :] == part[0][None, :, :]).all(axis=2).any())


def demand_a_choice(watched, parts, configs):
    """Demand the right calls of fit and loss, and the right answer to them."""
    calls, got, kept = watched
    train, validation, test = (parts[name] for name in NAMES)
    for kind, _, X, y, *watching in calls:
        trained_on_test = kind == "fit" and same_part(X, y, test)
        expect(not trained_on_test, "fit_on_test", misconception="A12.1")
        watched_test = kind == "fit" and same_part(*watching, test)
        expect(not watched_test, "fit_watches_test", misconception="A12.1")
        lost_on_test = kind == "loss" and holds_rows_of(X, test)
        expect(not lost_on_test, "loss_on_test", misconception="A12.1")
        watched_train = kind == "fit" and same_part(*watching, train)
        expect(not watched_train, "fit_watches_train", misconception="A12.4")
    fits = [call for call in calls if call[0] == "fit"]
    order = [call[1] for call in fits]
    wanted = [config["k"] for config in configs]
    expect(order == wanted, "fit_calls", got=len(order), wanted=len(wanted))
    right = all(same_part(X, y, train) for _, _, X, y, *_ in fits)
    expect(right, "fit_rows")
    expect(all(same_part(*call[4:], validation) for call in fits), "fit_watches")
    expect(isinstance(got, list | tuple) and len(got) == 3, "choice_form")
    best, model, losses = got
    on = {name: [value(k, parts[name]) for k in wanted] for name in NAMES}
    by_training = np.shape(losses) == np.shape(on["train"]) and np.allclose(losses, on["train"])
    expect(not by_training, "losses_of_train", misconception="A12.4")
    agree(np.asarray(losses), np.asarray(on["validation"]))
    winner = int(np.argmin(on["validation"]))
    astray = best == int(np.argmin(on["train"])) != winner
    expect(not astray, "best_of_train", misconception="A12.4")
    agree(best, winner)
    number = model.get("number") if isinstance(model, dict) else None
    expect(number == winner + 1, "other_model")
    expect(kept, "choice_changes")


def value(k, part):
    return wavy({"k": k}, *part)


def demand_curves(drawn, history):
    """Demand the two losses on the left and the two accuracies on the right."""
    expect(len(drawn) == 1, "one_figure", got=len(drawn))
    axes = drawn[0].axes
    expect(len(axes) == 2, "two_axes", got=len(axes))
    for ax, side, name in zip(axes, ("left", "right"), ("loss", "accuracy"), strict=True):
        other = "accuracy" if name == "loss" else "loss"
        labels = [line.label for line in ax.lines]
        if not any(labels):  # they may be given to the legend alone, which takes the lines in order
            labels = [*ax.legend, *labels[len(ax.legend) :]]
        each = zip(labels, ax.lines, strict=False)
        lines = {label.strip().lower(): line for label, line in each if label}
        for label in ("train", "validation"):
            facts = {"side": side, "label": label, "labels": ", ".join(sorted(lines))}
            expect(label in lines, "no_line", **facts)
        own = history[name], history[f"val_{name}"]
        foreign = history[other], history[f"val_{other}"]
        got = lines["train"].y, lines["validation"].y
        swapped = shows(got[0], own[1]) and shows(got[1], own[0])
        expect(not swapped, "swapped", misconception="A12.3", side=side)
        strange = any(shows(line, each) for line in got for each in foreign)
        expect(not strange, "foreign", misconception="A12.3", side=side, name=name, other=other)
        for label, line, wanted in zip(("train", "validation"), got, own, strict=True):
            expect(shows(line, wanted), "other_curve", side=side, label=label, name=name)
            right = np.array_equal(lines[label].x, np.arange(len(wanted)))
            expect(right, "epochs", side=side, last=len(wanted) - 1)
        written = ax.ylabel.strip().lower()
        misnamed = other in written and name not in written
        expect(not misnamed, "ylabel", misconception="A12.3", side=side, got=written, wanted=name)
        expect(name in written, "ylabel", side=side, got=written, wanted=name)
        facts = {"side": side, "got": ax.xlabel}
        expect("epoch" in ax.xlabel.lower(), "xlabel", **facts)
        legend = {text.strip().lower() for text in ax.legend}
        expect({"train", "validation"} <= legend, "legend", side=side)


def shows(line, values):
    return line.shape == np.shape(values) and np.allclose(line, values)


def report_watched(program, X, y, configs, truth, rng):
    """Report on a model that always answers 1, and count the calls."""
    import numpy as np

    trained, chosen, asked = [], [], []

    def fit(config, X, y, X_val, y_val):
        trained.append(tuple(np.array(each) for each in (X, y, X_val, y_val)))
        return {"k": config["k"], "number": len(trained)}

    def loss(model, X, y):
        chosen.append(len(X))
        return truth(model, X, y)

    def predict_one(model, X):
        asked.append((model["number"], len(X)))
        return np.ones(len(X), dtype=int)

    got = program.report(X, y, configs, fit, loss, predict_one, rng)
    return trained, chosen, asked, got


def demand_the_figures(watched, X, y, configs):
    """Demand what a report says of a model that always answers 1."""
    trained, _, asked, got = watched
    names = ("config", "model", "stats", "validation_loss", "baseline", "test_accuracy")
    missing = [name for name in names if not isinstance(got, dict) or name not in got]
    expect(not missing, "report_form", missing=", ".join(missing))
    expect(len(trained) == len(configs), "fit_calls", got=len(trained), wanted=len(configs))
    X_train, y_train, X_val, y_val = (np.asarray(each) for each in trained[0])
    different, first = np.unique(X, axis=0, return_index=True)
    classes = int(y.max()) + 1
    left = np.bincount(y[first], minlength=classes)
    left = left - np.bincount(y_train, minlength=classes) - np.bincount(y_val, minlength=classes)
    size = len(different) // 5
    right = np.all(left >= 0) and left.sum() == size == len(y_val)
    expect(right, "report_parts", train=len(y_train), validation=len(y_val), m=len(first))
    demand_own_measures(X_train, X)
    again = [number for number, rows in asked if rows == size]
    expect(len(again) < len(configs), "tested_often", misconception="A12.1", got=len(again))
    expect(len(again) > 0, "not_tested")
    accuracy = left[1] / size
    says = float(np.asarray(got["test_accuracy"]))
    bent = [accuracy * 100, accuracy * size, 1 - float(np.asarray(got["validation_loss"]))]
    other = np.isclose(says, bent).any() and not np.isclose(says, accuracy)
    facts = {"name": "test_accuracy", "got": f"{says:.6g}"}
    expect(not other, "no_share", misconception="A12.5", **facts)
    agree(got["test_accuracy"], accuracy)
    agree(got["baseline"], left[np.argmax(np.bincount(y_train))] / size)
    losses = [wavy(config, X_val, y_val) for config in configs]
    winner = int(np.argmin(losses))
    agree(got["config"], configs[winner])
    agree(got["model"]["number"], winner + 1)
    agree(got["validation_loss"], losses[winner])


def demand_own_measures(X_train, X):
    """Demand that the training part came standardized by its own mean and standard deviation."""
    back = X_train * X.std(axis=0) + X.mean(axis=0)
    of_all = (np.abs(back[:, None, :] - X[None, :, :]).max(axis=2).min(axis=1) < 1e-6).all()
    expect(not of_all, "stats_of_all", misconception="A12.2")
    own = np.allclose(X_train.mean(axis=0), 0) and np.allclose(X_train.std(axis=0), 1)
    expect(own, "stats_of_others")


def demand_what_was_saved(got, model, stats):
    """Demand the model and the statistics that were given to save, and nothing beside them."""
    agree(got, (model, stats))
    extra = sorted(str(name) for name in set(got[0]) - set(model))
    expect(not extra, "extra_names", extra=", ".join(extra))


def saved_and_loaded(program, path, model, stats):
    """Save under a name, move the file to another one, and load it from there."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / path, Path(folder) / "moved.npz"
        before = dict(model), tuple(stats)
        program.save(str(first), model, stats)
        kept = all(value is before[0].get(name) for name, value in model.items())
        kept = kept and all(a is b for a, b in zip(stats, before[1], strict=False))
        if not first.is_file():
            return None
        first.rename(second)
        return kept, program.load(str(second))


@task("split", points=2)
def test_split_deals_out_each_row_once(student):
    # Not in order, and the parts do not come out even.
    X = np.arange(26.0).reshape(13, 2)[np.arange(13) * 5 % 13]
    y = np.arange(13) % 3
    for seed in (0, 1):
        demand_a_split(student.split(X, y, Seed(seed)), X, y)


@task("split", points=2)
def test_split_keeps_one_of_equal_rows(student):
    rows = np.arange(20.0).reshape(10, 2)[np.arange(10) * 3 % 10]
    X = np.vstack([rows, rows[[3, 7, 7]]])
    y = np.concatenate([np.arange(10), [3, 7, 7]]) % 4
    for seed in range(3):
        demand_a_split(student.split(X, y, Seed(seed)), X, y)


@task("split", points=1)
def test_split_draws_from_the_given_generator(student):
    X, y = np.arange(60.0).reshape(30, 2), np.arange(30) % 3
    parts = [student.split(X, y, Seed(each)) for each in (3, 3, 4)]
    one, again, other = (demand_a_split(each, X, y)["test"].tolist() for each in parts)
    expect(sorted(one) == sorted(again), "not_repeatable")
    expect(sorted(one) != sorted(other), "same_for_all")


@task("split", points=1)
def test_split_leaves_its_inputs_alone(student):
    X, y = np.arange(20.0).reshape(10, 2), np.arange(10) % 3
    leaves_arguments_alone(student.split, X, y, Seed(5))


@task("standardize_fit", points=2)
def test_standardize_fit_has_the_worked_values(student):
    X = np.array([[1.0, 7.0], [3.0, 7.0], [5.0, 7.0], [7.0, 7.0]])
    got = leaves_arguments_alone(student.standardize_fit, X)
    agree(got, (np.array([4.0, 7.0]), np.array([np.sqrt(5), 1.0])))


@task("standardize_apply", points=1)
def test_standardize_apply_has_the_worked_values(student):
    stats = (np.array([4.0, 7.0]), np.array([2.0, 1.0]))
    X = np.array([[6.0, 7.0], [0.0, 9.0]])
    agree(student.standardize_apply(X, stats), np.array([[1.0, 0.0], [-2.0, 2.0]]))


@task("standardize_apply", points=1)
def test_standardize_apply_leaves_its_inputs_alone(student):
    stats = (np.array([4.0, 7.0]), np.array([2.0, 0.5]))
    X = np.array([[6.0, 7.0], [0.0, 9.0]])
    got = leaves_arguments_alone(student.standardize_apply, X, stats)
    agree(got, np.array([[1.0, 0.0], [-2.0, 4.0]]))


@task("prepare", points=2)
def test_prepare_has_the_worked_values(student):
    parts = {
        "train": (np.array([[2.0], [6.0]]), np.array([0, 1])),
        "validation": (np.array([[4.0]]), np.array([1])),
        "test": (np.array([[10.0]]), np.array([0])),
    }
    wanted = {
        "train": (np.array([[-1.0], [1.0]]), np.array([0, 1])),
        "validation": (np.array([[0.0]]), np.array([1])),
        "test": (np.array([[3.0]]), np.array([0])),
    }
    agree(student.prepare(parts), (wanted, (np.array([4.0]), np.array([2.0]))))


@task("prepare", points=1)
def test_prepare_leaves_its_input_alone(student, reference):
    parts = {
        "train": (np.array([[2.0, 1.0], [6.0, 3.0], [4.0, 8.0]]), np.array([0, 1, 1])),
        "validation": (np.array([[4.0, 5.0]]), np.array([1])),
        "test": (np.array([[10.0, 2.0], [7.0, 7.0]]), np.array([0, 2])),
    }
    agree(leaves_arguments_alone(student.prepare, parts), reference.prepare(parts))


@task("accuracy", points=2)
def test_accuracy_has_the_worked_values(student):
    y, predicted = np.array([0, 2, 1, 2]), np.array([0, 1, 1, 0])
    # Both before the verdict: of one share nobody sees what was counted.
    some = leaves_arguments_alone(student.accuracy, y, predicted)
    whole = student.accuracy(np.array([3, 1, 2]), np.array([3, 1, 2]))
    agree(some, 0.5)
    agree(whole, 1.0)


@task("baseline", points=1)
def test_baseline_has_the_worked_values(student):
    # Each class that somebody might answer has another share.
    y = np.repeat([0, 1, 2, 3, 4], [1, 2, 3, 6, 4])
    y_train = np.array([0, 2, 2, 1, 3, 4])
    agree(leaves_arguments_alone(student.baseline, y_train, y), 3 / 16)
    agree(student.baseline(np.array([1, 1, 0, 2]), np.array([0, 1, 0, 0])), 0.25)
    agree(student.baseline(np.array([2, 0, 0, 2, 1]), np.array([0, 1, 0, 0])), 0.75)


@task("best_epoch", points=2)
def test_best_epoch_has_the_worked_values(student):
    # All before the verdict. In the last one the training loss rises again: who takes the last
    # epoch has not chosen by the training loss.
    asked = (
        (HISTORY, 1),
        ({**HISTORY, "val_loss": [1.0, 0.6, 0.6, 0.5]}, 3),
        ({**HISTORY, "val_loss": [3.0, 1.5, 2.0, 1.5]}, 1),
        ({**HISTORY, "loss": [0.9, 0.5, 0.2, 0.3]}, 1),
    )
    said = [leaves_arguments_alone(student.best_epoch, history) for history, _ in asked]
    for got, (_, wanted) in zip(said, asked, strict=True):
        agree(got, wanted)


@pytest.mark.parametrize(
    ("target", "wanted"),
    [(0.4, "overfitting"), (0.1, "underfitting"), (0.8, "good"), (0.2, "overfitting")],
)
@task("diagnose", points=0.375)
def test_diagnose_has_the_worked_values(student, target, wanted):
    agree(leaves_arguments_alone(student.diagnose, HISTORY, target), wanted)


@task("plot_curves", points=3)
def test_plot_curves_shows_losses_and_accuracies(student):
    drawn = figures(student, "plot_curves", HISTORY, shows="curves_drawn")
    demand_curves(drawn, HISTORY)


def figures_of_two_histories(program, one, other):
    """How many pairs of axes two figures have, and whether they are two, made by one call each."""
    figures = [program.plot_curves(one), program.plot_curves(other)]
    return [len(figure.axes) for figure in figures], figures[0] is figures[1]


@task("plot_curves", points=1)
def test_plot_curves_makes_and_returns_a_new_figure(student):
    other = {name: [*numbers, 0.5] for name, numbers in HISTORY.items()}
    look = probe(student, figures_of_two_histories, shows="curves_drawn")
    axes, same = look(HISTORY, other)
    expect(not same, "same_figure")
    for count in axes:
        expect(count == 2, "two_axes", got=count)


@task("choose", points=2)
def test_choose_takes_the_smallest_validation_loss(student):
    X = np.array([[0.0, 0.1], [0.2, 0.3], [0.4, 0.5], [0.6, 0.8], [1.0, 1.2], [1.4, 1.7]])
    y = np.array([0, 1, 0, 1, 1, 0])
    parts = {name: (X[[i, i + 3]], y[[i, i + 3]]) for i, name in enumerate(NAMES)}
    configs = [{"k": k} for k in (0.1, 0.3, 0.5, 0.7, 0.9)]
    watch = probe(student, choose_watched, shows="choice_watched")
    watched = watch(parts, configs, code(wavy))
    demand_a_choice(watched, parts, configs)


@task("report", points=2)
def test_report_gives_accuracy_and_baseline_of_the_test_part(student):
    X = np.column_stack([np.arange(40.0) % 7, np.arange(40.0) % 11])
    y = np.array([0, 1, 2, 2, 3] * 8)  # the most frequent class is neither first nor last
    configs = [{"k": k} for k in (0.1, 0.4, 0.7)]
    watch = probe(student, report_watched, shows="report_watched")
    for seed in (0, 1):
        watched = watch(X, y, configs, code(wavy), Seed(seed))
        demand_the_figures(watched, X, y, configs)


def fit_nothing(config, X, y, X_val, y_val):
    return {"k": config["k"]}


def answer_one(model, X):
    import numpy as np

    return np.ones(len(X), dtype=int)


@task("report", points=1)
def test_report_leaves_its_inputs_alone(student):
    X = np.column_stack([np.arange(30.0) % 7, np.arange(30.0) % 11])
    y = np.arange(30) % 3
    configs = [{"k": k} for k in (0.1, 0.4, 0.7)]
    got = leaves_arguments_alone(
        student.report, X, y, configs, code(fit_nothing), code(wavy), code(answer_one), Seed(6)
    )
    names = ("config", "model", "stats", "validation_loss", "baseline", "test_accuracy")
    missing = [name for name in names if not isinstance(got, dict) or name not in got]
    expect(not missing, "report_form", missing=", ".join(missing))
    # No need to know which rows were dealt where: of 6 test rows, some sixths are answered right.
    for name in ("baseline", "test_accuracy"):
        right = 6 * float(np.asarray(got[name]))
        share = abs(right - round(right)) < 1e-6 and 0 <= right <= 6
        expect(share, "no_share", name=name, got=f"{right / 6:.6g}")


@task("save", points=2)
def test_load_returns_what_save_was_given(student):
    model = {"W1": np.array([[1.0, -2.0, 0.5]]), "b1": np.array([0.0, 3.0, 1.0])}
    stats = (np.array([4.0]), np.array([2.0]))
    got = probe(student, saved_and_loaded, shows="saved_and_loaded")("network.npz", model, stats)
    expect(got is not None, "no_file")
    kept, loaded = got
    demand_what_was_saved(loaded, model, stats)
    expect(kept, "save_changes")
