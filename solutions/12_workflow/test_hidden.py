"""Checks that learners never see."""

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


def seed(rng):
    return Seed(int(rng.integers(2**32)))


def rows_with_copies(rng, m, copies, d=3):
    """Rows, of which m differ, and their classes; each pair of rows has numbers in common."""
    grid = np.stack(np.meshgrid(*[np.arange(5.0)] * d), axis=-1).reshape(-1, d)
    rows = grid[rng.permutation(len(grid))[:m]] / 2 - 1
    classes = rng.integers(0, 3, size=m)
    order = rng.permutation(np.concatenate([np.arange(m), rng.integers(m, size=copies)]))
    return rows[order], classes[order]


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


def random_parts(rng, d, sizes):
    return {
        name: (rng.normal(loc=3, scale=2, size=(n, d)), rng.integers(0, 3, size=n))
        for name, n in zip(NAMES, sizes, strict=True)
    }


def random_history(rng, epochs):
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    return {name: rng.uniform(0.1, 0.9, size=epochs).tolist() for name in names}


@task("split", points=2, kind="rules")
def test_split_leaks_no_row_however_many_copies_there_are(student, rng):
    for m, copies in [(5, 0), (9, 30), (23, 4), (24, 60), (40, 40)]:
        X, y = rows_with_copies(rng, m, copies)
        demand_a_split(student.split(X, y, seed(rng)), X, y)


def rows_of_many_splits(program, X, y, rng, times):
    """The first features of the test and the validation rows of many splits."""
    import numpy as np

    every = [program.split(X.copy(), y.copy(), rng) for _ in range(times)]
    names = ("test", "validation")
    return [[np.asarray(parts[name][0])[:, 0].tolist() for parts in every] for name in names]


@task("split", points=1, kind="chance")
def test_split_gives_every_row_its_chance(student, rng):
    X = np.column_stack([np.arange(11.0), rng.normal(size=11)])
    y = np.arange(11) % 2
    # A row misses a part in all of 200 splits with the probability (9/11)^200, or 4e-18.
    for drawn in probe(student, rows_of_many_splits)(X, y, seed(rng), 200):
        seen = {round(value) for rows in drawn for value in rows}
        expect(seen == set(range(11)), "never_drawn", count=11 - len(seen))


@task("standardize_fit", points=1)
def test_standardize_fit_measures_each_column(student, reference, rng):
    for n, d in [(5, 3), (3, 5), (4, 4), (7, 1)]:
        X = rng.normal(loc=rng.normal(size=d), scale=rng.uniform(1, 900, size=d), size=(n, d))
        agree(student.standardize_fit(X), reference.standardize_fit(X))


@task("standardize_fit", points=1, kind="edges")
def test_standardize_fit_gives_one_for_a_column_that_never_changes(student, reference, rng):
    X = rng.normal(size=(6, 4))
    X[:, [1, 3]] = [0.0, -8.0]
    got = leaves_arguments_alone(student.standardize_fit, X)
    agree(got, reference.standardize_fit(X))
    agree(student.standardize_fit(X[:1] * 0 + 2), (np.full(4, 2.0), np.ones(4)))


@task("standardize_apply", points=1)
def test_standardize_apply_uses_what_was_measured_elsewhere(student, reference, rng):
    for n, d in [(5, 3), (3, 5), (4, 4), (1, 3)]:
        X, stats = rng.normal(size=(n, d)), (rng.normal(size=d), rng.uniform(0.5, 9, size=d))
        agree(student.standardize_apply(X, stats), reference.standardize_apply(X, stats))


@task("prepare", points=2, kind="rules")
def test_prepare_measures_on_the_training_part_alone(student, reference, rng):
    for d, sizes in [(3, (9, 4, 5)), (5, (3, 2, 1)), (1, (6, 1, 1))]:
        parts = random_parts(rng, d, sizes)
        parts["train"][0][:, 0] = 2.0
        agree(student.prepare(parts), reference.prepare(parts))


@pytest.mark.parametrize("name", ["validation", "test"])
@task("prepare", points=0.5, kind="rules")
def test_prepare_does_not_let_one_part_change_another(student, rng, name):
    parts = random_parts(rng, 3, (6, 4, 5))
    before, stats = student.prepare(parts)
    other = {**parts, name: (parts[name][0] * 50 + 1000, parts[name][1])}
    after, new_stats = student.prepare(other)
    apart = [each for each in NAMES if each != name]
    same = all(np.allclose(before[each][0], after[each][0]) for each in apart)
    expect(same, "parts_mix", misconception="A12.2", name=name)
    agree(new_stats, stats)


@task("accuracy", points=2)
def test_accuracy_is_the_share_of_right_answers(student, reference, rng):
    for n, classes in [(20, 3), (7, 10), (1, 2), (40, 5)]:
        y, predicted = rng.integers(0, classes, size=(2, n))
        predicted[: n // 3] = y[: n // 3]
        got = leaves_arguments_alone(student.accuracy, y, predicted)
        agree(got, reference.accuracy(y, predicted))
    agree(student.accuracy(y, y), 1.0)
    agree(student.accuracy(y, y + 1), 0.0)


@task("baseline", points=2)
def test_baseline_answers_the_most_frequent_class_of_the_training_part(student, reference, rng):
    # The right class, and the one that is the most frequent in y, are neither first nor last.
    right, astray, *rest = rng.permutation([1, 2, 3, 4])
    shares, known = (np.array([2, 0, 0, 0, 0, 3]) for _ in range(2))
    shares[[right, astray, *rest]], known[[right, astray, *rest]] = [4, 7, 5, 6], [5, 2, 1, 4]
    y_train, y = (rng.permutation(np.repeat(np.arange(6), each)) for each in (known, shares))
    agree(student.baseline(y_train, y), reference.baseline(y_train, y))
    for n, k, classes in [(9, 20, 3), (20, 9, 4), (5, 5, 2), (1, 30, 3), (12, 1, 3)]:
        y_train, y = rng.integers(0, classes, size=k), rng.integers(0, classes, size=n)
        agree(student.baseline(y_train, y), reference.baseline(y_train, y))
    tie, y = np.array([4, 2, 2, 4, 7]), np.array([4, 2, 2, 2, 7, 4])
    agree(leaves_arguments_alone(student.baseline, tie, y), 0.5)
    agree(student.baseline(np.array([1, 1, 2]), np.array([0, 2, 2])), 0.0)


@task("best_epoch", points=2)
def test_best_epoch_has_the_smallest_validation_loss(student, reference, rng):
    for epochs in (30, 9, 2, 1):  # the longest first: there no other rule is right by chance
        history = random_history(rng, epochs)
        got = leaves_arguments_alone(student.best_epoch, history)
        agree(got, reference.best_epoch(history))
    falling = {**random_history(rng, 5), "val_loss": [3.0, 1.5, 2.0, 1.5, 1.5]}
    falling["loss"] = [5.0, 4.0, 3.0, 2.0, 1.0]
    agree(student.best_epoch(falling), 1)


@task("diagnose", points=1.5)
def test_diagnose_compares_the_last_losses_with_the_target(student, rng):
    lower, middle, upper = np.cumsum(rng.uniform(0.1, 0.5, size=3)).tolist()
    cases = [
        (lower, upper, middle, "overfitting"),
        (upper, lower, middle, "underfitting"),
        (upper, upper, middle, "underfitting"),
        (lower, lower, middle, "good"),
        (middle, lower, middle, "good"),
        (lower, middle, middle, "good"),
        (middle, upper, middle, "overfitting"),
    ]
    for train, validation, target, wanted in cases:
        history = random_history(rng, 3)
        history["loss"] += [train]
        history["val_loss"] += [validation]
        agree(leaves_arguments_alone(student.diagnose, history, target), wanted)


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
        expect("epoch" in ax.xlabel.lower(), "xlabel", side=side, got=ax.xlabel)
        legend = {text.strip().lower() for text in ax.legend}
        expect({"train", "validation"} <= legend, "legend", side=side)


def shows(line, values):
    return line.shape == np.shape(values) and np.allclose(line, values)


@task("plot_curves", points=3)
def test_plot_curves_draws_any_history(student, rng):
    for epochs in (1, 2, 30):
        history = random_history(rng, epochs)
        drawn = figures(student, "plot_curves", history, shows="curves_drawn")
        demand_curves(drawn, history)


def wavy(model, X, y):
    """A loss that every part of the data ranks in its own way; runs on either side."""
    import numpy as np

    return float(np.abs(np.sin(3 * model["k"] + 10 * X.mean() + y.mean())))


def parts_that_disagree(rng, configs):
    """Parts of which each would choose another configuration."""
    while True:
        parts = random_parts(rng, 3, (7, 4, 5))
        losses = {n: [wavy(config, *parts[n]) for config in configs] for n in NAMES}
        best = {name: int(np.argmin(losses[name])) for name in NAMES}
        # Nor is the training part's choice one that another mistake would make.
        others = 0, len(configs) - 1, int(np.argmax(losses["validation"]))
        if len(set(best.values())) == 3 and best["train"] not in others:
            return parts, best, losses["validation"]


def holds_rows_of(X, part):
    """Whether a row of a part stands in X."""
    same_width = X.ndim == 2 and X.shape[1] == part[0].shape[1]
    return same_width and bool((X[:, None, :] == part[0][None, :, :]).all(axis=2).any())


def choose_told(program, parts, configs, truth):
    """Choose, and tell the rows that each training saw, what was lost on, and the answer."""
    import numpy as np

    seen, lost = [], []

    def fit(config, X, y, X_val, y_val):
        seen.append((config["k"], *(np.array(each) for each in (X, y, X_val, y_val))))
        return {"k": config["k"], "number": len(seen)}

    def loss(model, X, y):
        lost.append((np.array(X), np.array(y)))
        return truth(model, X, y)

    best, model, losses = program.choose(parts, configs, fit, loss)
    return seen, lost, (best, model["number"], list(losses))


@pytest.mark.parametrize("count", [4, 9])
@task("choose", points=1, kind="rules")
def test_choose_goes_by_the_validation_loss_alone(student, rng, count):
    configs = [{"k": float(k)} for k in rng.uniform(0, 2, size=count)]
    parts, best, losses = parts_that_disagree(rng, configs)
    watch = probe(student, choose_told, shows="choice_watched")
    seen, lost, got = watch(parts, configs, code(wavy))
    tested = any(holds_rows_of(X, parts["test"]) for X, _ in lost)
    expect(not tested, "loss_on_test", misconception="A12.1")
    at_test = any(np.array_equal(each[3], parts["test"][0]) for each in seen)
    expect(not at_test, "fit_watches_test", misconception="A12.1")
    expect(len(seen) == count, "fit_calls", got=len(seen), wanted=count)
    if np.shape(got[2]) == np.shape(losses) and np.allclose(got[2], losses):
        astray = got[0] == best["train"]
        expect(not astray, "best_of_train", misconception="A12.4")
    agree(got, (best["validation"], best["validation"] + 1, losses))
    wanted = [(each["k"], *parts["train"], *parts["validation"]) for each in configs]
    agree(seen, wanted)


@task("choose", points=1, kind="edges")
def test_choose_takes_the_first_of_equal_losses(student, rng):
    parts = random_parts(rng, 3, (7, 4, 5))
    k = float(rng.uniform(0, 2))
    configs = [{"k": k}, {"k": k}, {"k": k}]
    watch = probe(student, choose_told, shows="choice_watched")
    _, _, got = watch(parts, configs, code(wavy))
    agree(got, (0, 1, [wavy({"k": k}, *parts["validation"])] * 3))


@task("choose", points=1, kind="rules")
def test_choose_does_the_same_whatever_the_test_part_holds(student, rng):
    configs = [{"k": float(k)} for k in rng.uniform(0, 2, size=5)]
    parts, best, losses = parts_that_disagree(rng, configs)
    X, y = parts["test"]
    parts["test"] = (np.full(X.shape, np.nan), y)
    watch = probe(student, choose_told, shows="choice_watched")
    _, _, got = watch(parts, configs, code(wavy))
    agree(got, (best["validation"], best["validation"] + 1, losses))


def report_told(program, X, y, configs, truth, rng):
    """Report on models that find the class in the first feature, with errors; tell all calls."""
    import numpy as np

    seen, lost, asked = [], [], []

    def fit(config, X, y, X_val, y_val):
        seen.append(tuple(np.array(each) for each in (X, y, X_val, y_val)))
        slope, start = np.polyfit(X[:, 0], y, 1).tolist()
        return {"k": config["k"], "number": len(seen), "slope": slope, "start": start}

    def loss(model, X, y):
        lost.append((model["number"], np.array(X), np.array(y)))
        return truth(model, X, y)

    def predict(model, X):
        found = np.rint(model["slope"] * np.asarray(X)[:, 0] + model["start"]).astype(int)
        answers = np.where(found % (model["number"] + 1) == 0, found + 1, found)
        asked.append((model["number"], np.array(X), answers))
        return answers

    got = program.report(X, y, configs, fit, loss, predict, rng)
    return seen, lost, asked, got


@pytest.mark.parametrize("copies", [0, 50])
@task("report", points=1.5, kind="runs")
def test_report_goes_the_whole_way_without_a_leak(student, rng, copies):
    m = 43
    # Every distinct row has a class of its own, so that it is known again wherever it turns up.
    table = np.column_stack([100.0 + 7 * np.arange(m), rng.normal(size=(m, 2)) * [1, 500]])
    y = rng.permutation(np.concatenate([np.arange(m), rng.integers(m, size=copies)]))
    configs = [{"k": float(k)} for k in rng.uniform(0, 2, size=6)]
    watch = probe(student, report_told, shows="report_watched")
    seen, lost, asked, got = watch(table[y], y, configs, code(wavy), seed(rng))
    expect(len(seen) == len(configs), "fit_calls", got=len(seen), wanted=len(configs))
    rows, Z, stats = demand_prepared(seen, table, table[y])
    demand_test_kept(lost, rows)
    demand_one_test(asked, rows, Z)
    validation = Z[rows["validation"]], rows["validation"]
    losses = [wavy(config, *validation) for config in configs]
    on_train = [wavy(config, Z[rows["train"]], rows["train"]) for config in configs]
    winner = int(np.argmin(losses))
    of_train = int(np.argmin(on_train))
    others = 0, len(configs) - 1, int(np.argmax(losses))
    astray = got["config"] == configs[of_train] != configs[winner] and of_train not in others
    expect(not astray, "best_of_train", misconception="A12.4")
    agree(got["config"], configs[winner])
    agree(got["model"]["number"], winner + 1)
    agree(got["validation_loss"], losses[winner])
    agree(got["stats"], stats)
    answers = rows["test"] % (winner + 2) != 0
    agree(got["test_accuracy"], answers.mean())
    expect(asked[-1][0] == winner + 1, "other_tested")


def demand_prepared(seen, table, X):
    """Demand parts without a leak, standardized by the training part's own statistics.

    Return the rows of the parts, the whole table standardized, and the statistics.
    """
    _, train, _, validation = seen[0]
    expect(not np.array_equal(train, validation), "fit_watches_train", misconception="A12.4")
    rows = {"train": train, "validation": validation}
    rest = np.setdiff1d(np.arange(len(table)), np.concatenate([train, validation]))
    rows["test"] = rest
    expect(not np.isin(validation, train).all(), "fit_rows")
    copies = len(np.unique(train)) < len(train)
    expect(not copies, "copies_within", misconception="A12.6")
    demand_no_leak(rows)
    m = len(table)
    wanted = [m - 2 * (m // 5), m // 5, m // 5]
    sizes = [len(rows[name]) for name in NAMES]
    expect(sizes == wanted, "sizes", n=len(X), m=m, got=str(sizes), wanted=str(wanted))
    stats = measured(table[train])
    for all_rows in (X, table):
        mean, std = measured(all_rows)
        of_all = np.allclose(seen[0][0], (table[train] - mean) / std)
        expect(not of_all, "stats_of_all", misconception="A12.2")
    own_mean, own_std = measured(table[validation])
    own = np.allclose(seen[0][2], (table[validation] - own_mean) / own_std)
    expect(not own, "stats_of_own", misconception="A12.2", name="validation")
    Z = (table - stats[0]) / stats[1]
    for each in seen:
        agree(each, (Z[train], train, Z[validation], validation))
    return rows, Z, stats


def measured(X):
    return X.mean(axis=0), X.std(axis=0)


def demand_test_kept(lost, rows):
    for _, _, ys in lost:
        tested = np.isin(ys, rows["test"]).any()
        expect(not tested, "loss_on_test", misconception="A12.1")


def demand_one_test(asked, rows, Z):
    """Demand that a single call of predict is on the test part, and on all of it."""
    tests = []
    for _, X, _ in asked:
        expect(X.ndim == 2 and X.shape[1] == Z.shape[1], "predict_shape", got=str(X.shape))
        distance = np.abs(X[:, None, :] - Z[None, :, :]).max(axis=2)
        mean, std = measured(Z[rows["test"]])
        own = (Z[rows["test"]] - mean) / std
        by_own = len(X) == len(own) and np.allclose(np.sort(X, axis=0), np.sort(own, axis=0))
        expect(not by_own, "stats_of_own", misconception="A12.2", name="test")
        expect(np.all(distance.min(axis=1) < 1e-6), "strange_predict")
        found = distance.argmin(axis=1)
        if np.isin(found, rows["test"]).any():
            tests.append(found)
    expect(len(tests) <= 1, "tested_often", misconception="A12.1", got=len(tests))
    expect(len(tests) == 1, "not_tested")
    known = np.isin(tests[0], [*rows["train"], *rows["validation"]]).any()
    expect(not known, "known_tested", misconception="A12.6")
    expect(np.array_equal(np.sort(tests[0]), rows["test"]), "not_all_tested")


def report_of_ones(program, X, y, configs, loss, rng):
    """Report on a model that always answers 1; tell the classes that training saw."""
    import numpy as np

    seen = []

    def fit(config, X, y, X_val, y_val):
        seen.append((np.array(y), np.array(y_val)))
        return {"k": config["k"]}

    def predict_one(model, X):
        return np.ones(len(X), dtype=int)

    got = program.report(X, y, configs, fit, loss, predict_one, rng)
    return seen[0], got


@task("report", points=1)
def test_report_compares_with_the_baseline(student, rng):
    watch = probe(student, report_of_ones, shows="report_watched")
    asked = []
    for m in (30, 52, 60, 60, 55):  # all at once: what is right five times is not so by chance
        X, y = rows_with_copies(rng, m, 10)
        configs = [{"k": float(k)} for k in rng.uniform(0, 2, size=3)]
        asked.append((m, X, y, watch(X, y, configs, code(wavy), seed(rng))))
    for m, X, y, ((y_train, y_val), got) in asked:
        _, first = np.unique(X, axis=0, return_index=True)
        classes, known, watched = (
            np.bincount(each, minlength=3) for each in (y[first], y_train, y_val)
        )
        left, size = classes - known - watched, m // 5
        right = np.all(left >= 0) and left.sum() == size
        expect(right, "report_parts", train=len(y_train), validation=len(y_val), m=m)
        percent = np.isclose(float(np.asarray(got["test_accuracy"])), 100 * left[1] / size)
        facts = {"name": "test_accuracy", "got": "percent"}
        expect(not percent or left[1] == 0, "no_share", misconception="A12.5", **facts)
        agree(got["test_accuracy"], left[1] / size)
        agree(got["baseline"], left[np.argmax(known)] / size)


def two_saved(program, one, other):
    """Save two models with their statistics, then load both, the first one from a moved file."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        first, second, moved = (Path(folder) / f"{name}.npz" for name in ("one", "two", "moved"))
        program.save(str(first), *one)
        program.save(str(second), *other)
        if not (first.is_file() and second.is_file()):
            return None
        first.rename(moved)
        return [program.load(str(moved)), program.load(str(second))]


def demand_what_was_saved(got, model, stats):
    """Demand the model and the statistics that were given to save, and nothing beside them."""
    agree(got, (model, stats))
    extra = sorted(str(name) for name in set(got[0]) - set(model))
    expect(not extra, "extra_names", extra=", ".join(extra))


@task("save", points=2)
def test_load_returns_any_model_and_its_statistics(student, rng):
    one = (
        {"W1": rng.normal(size=(3, 5)), "b1": rng.normal(size=5), "W2": rng.normal(size=(5, 2))},
        (rng.normal(size=3), rng.uniform(1, 9, size=3)),
    )
    other = ({"W": rng.normal(size=(4, 1))}, (rng.normal(size=4), rng.uniform(1, 9, size=4)))
    got = probe(student, two_saved, shows="saved_and_loaded")(one, other)
    expect(got is not None, "no_file")
    for loaded, wanted in zip(got, (one, other), strict=True):
        demand_what_was_saved(loaded, *wanted)
