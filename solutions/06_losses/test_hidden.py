"""Checks that learners never see."""

import numpy as np

from autograder.checks import (
    agree,
    difference,
    expect,
    leaves_arguments_alone,
    refuses,
    task,
    warns_nothing,
)

SHAPES = [(3, 5), (7,), (1,), (1, 4), (4, 1), (5, 3)]
TABLES = [(3, 5), (5, 3), (1, 4), (4, 4), (6, 2)]
# A central difference with h = 1e-5 is good to about 1e-9; a wrong slope is off by far more.
SLOPE = {"rtol": 1e-6, "atol": 1e-8}
# At the very ends 1 - p keeps four digits, and clipping can be written in several right ways.
END = {"rtol": 1e-5, "atol": 1e-9}
END_SLOPE = {"rtol": 1e-3}
SURE = np.array([0.0, 1.0, 0.25, 1e-20, 1.0])
WRONG = np.array([1.0, 0.0, 1.0, 1.0, 1.0])
FAR = np.array([[1000.0, -1000.0, 0.0], [710.0, 709.0, -5.0], [-2000.0, -1000.0, -3000.0]])


# ---- inputs ----


def numbers(rng, shape):
    """Targets, and predictions that miss each by at least a tenth: away from the corner of l1."""
    y = rng.normal(loc=2, scale=3, size=shape)
    return y, y + rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 3, size=shape)


def answers(rng, shape):
    """Targets 0 and 1, and probabilities of "yes", whatever is true."""
    return rng.integers(0, 2, size=shape).astype(float), rng.uniform(0.1, 0.9, size=shape)


def labels(rng, shape):
    return rng.integers(0, shape[1], size=shape[0])


def probabilities(rng, shape):
    powers = np.exp(rng.normal(size=shape))
    return powers / powers.sum(axis=1, keepdims=True)


def one_hot(rng, shape):
    return np.eye(shape[1])[labels(rng, shape)]


# ---- what holds of several losses ----


def slopes(loss, y, p, h=1e-5):
    """Estimate the gradient of a loss by p: one central difference for each entry."""
    found = np.zeros_like(p)
    for index in np.ndindex(p.shape):
        step = np.zeros_like(p)
        step[index] = h
        found[index] = (loss(y, p + step) - loss(y, p - step)) / (2 * h)
    return found


def is_close(got, wanted):
    return difference(got, wanted) is None


def counts_each_sample_alike(function, y, p, wanted):
    """Demand that a batch that holds every sample twice has the same loss."""
    once = function(y, p)
    twice = function(np.concatenate([y, y]), np.concatenate([p, p]))
    expect(is_close(twice, once), "doubled")
    agree(once, wanted)


def shares_among_samples(function, y, p, wanted):
    """Demand that in a batch that holds every sample twice each has half the slope."""
    once = function(y, p)
    twice = function(np.concatenate([y, y]), np.concatenate([p, p]))
    agree(once, wanted)
    expect(is_close(twice, np.concatenate([wanted, wanted]) / 2), "halved")


def is_answer(outcome):
    """Tell numbers that came back; None, or an exception returned and not raised, are no answer."""
    value = getattr(outcome, "value", None)
    return isinstance(value, np.ndarray | np.generic | float | int | list | tuple)


def refuses_other_shapes(function, wanted, rng, make):
    """Demand a ValueError for a row against a column, whichever of the two is the target."""
    y, p = make(rng, 4)
    right = wanted(y, p)
    for one, other in [(y, p[:, None]), (y[:, None], p), (y[:, None], np.tile(p[:, None], 3))]:
        answer = function.outcome(one, other)
        if is_answer(answer):
            # Reshaping in silence is not what was asked, but no misunderstanding.
            reshaped = np.size(answer.value) == np.size(right)
            reshaped = reshaped and is_close(np.reshape(answer.value, np.shape(right)), right)
            expect(reshaped, "broadcast", misconception="A6.5")
        refuses(function, one, other)


# ---- regression ----


@task("l1", points=1, kind="shapes")
def test_l1_takes_any_one_shape_and_leaves_it_alone(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.l1, y, p), reference.l1(y, p))
    refuses_other_shapes(student.l1, reference.l1, rng, numbers)


@task("l1", points=1, kind="rules")
def test_l1_of_a_doubled_batch_is_the_same(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    counts_each_sample_alike(student.l1, y, p, reference.l1(y, p))


@task("d_l1", points=1, kind="rules")
def test_d_l1_is_the_slope_of_l1(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    agree(student.d_l1(y, p), slopes(reference.l1, y, p), **SLOPE)


@task("d_l1", points=1, kind="shapes")
def test_d_l1_takes_any_one_shape_and_is_zero_at_the_corner(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        p.flat[0] = y.flat[0]
        agree(leaves_arguments_alone(student.d_l1, y, p), reference.d_l1(y, p))
    refuses_other_shapes(student.d_l1, reference.d_l1, rng, numbers)


@task("l2", points=1, kind="shapes")
def test_l2_takes_any_one_shape_and_doubling_changes_nothing(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.l2, y, p), reference.l2(y, p))
    y, p = numbers(rng, (3, 5))
    counts_each_sample_alike(student.l2, y, p, reference.l2(y, p))
    refuses_other_shapes(student.l2, reference.l2, rng, numbers)


@task("l2", points=1, kind="rules")
def test_l2_is_moved_by_one_outlier_more_than_l1(student, reference, rng):
    y = rng.normal(size=10)
    p = y + rng.choice([-1.0, 1.0], size=10)
    away = p + 100 * (np.arange(10) == 3)
    before, after = student.l2(y, p), student.l2(y, away)
    l1_grows = reference.l1(y, away) / reference.l1(y, p)
    expect(np.abs(after) > 10 * l1_grows * np.abs(before), "outlier")
    agree(after, reference.l2(y, away))
    agree(before, reference.l2(y, p))


@task("d_l2", points=1, kind="rules")
def test_d_l2_is_the_slope_of_l2(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    agree(student.d_l2(y, p), slopes(reference.l2, y, p), **SLOPE)


@task("d_l2", points=1, kind="shapes")
def test_d_l2_takes_any_one_shape_and_is_shared_among_samples(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.d_l2, y, p), reference.d_l2(y, p))
    y, p = numbers(rng, (3, 5))
    shares_among_samples(student.d_l2, y, p, reference.d_l2(y, p))
    refuses_other_shapes(student.d_l2, reference.d_l2, rng, numbers)


@task("mse", points=1, kind="shapes")
def test_mse_takes_any_one_shape_and_leaves_it_alone(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.mse, y, p), reference.mse(y, p))
    refuses_other_shapes(student.mse, reference.mse, rng, numbers)


@task("mse", points=1, kind="rules")
def test_mse_of_a_doubled_batch_is_the_same(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    counts_each_sample_alike(student.mse, y, p, reference.mse(y, p))


@task("d_mse", points=1, kind="rules")
def test_d_mse_is_the_slope_of_mse(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    agree(student.d_mse(y, p), slopes(reference.mse, y, p), **SLOPE)


@task("d_mse", points=1, kind="shapes")
def test_d_mse_takes_any_one_shape_and_is_shared_among_samples(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.d_mse, y, p), reference.d_mse(y, p))
    y, p = numbers(rng, (3, 5))
    shares_among_samples(student.d_mse, y, p, reference.d_mse(y, p))
    refuses_other_shapes(student.d_mse, reference.d_mse, rng, numbers)


@task("rmse", points=1, kind="shapes")
def test_rmse_takes_any_one_shape_and_leaves_it_alone(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.rmse, y, p), reference.rmse(y, p))
    refuses_other_shapes(student.rmse, reference.rmse, rng, numbers)


@task("rmse", points=1, kind="rules")
def test_rmse_is_not_the_standard_deviation(student, rng):
    y, c = rng.integers(-16, 17, size=9) / 8, float(rng.integers(1, 17)) / 8
    for error in (c, -c):
        got = student.rmse(y, y + error)
        expect(not is_close(got, 0.0), "no_deviation", misconception="A6.4")
        agree(got, c)


@task("rmse", points=1, kind="rules")
def test_rmse_of_a_doubled_batch_is_the_same(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    counts_each_sample_alike(student.rmse, y, p, reference.rmse(y, p))


@task("d_rmse", points=1, kind="rules")
def test_d_rmse_is_the_slope_of_rmse(student, reference, rng):
    y, p = numbers(rng, (3, 5))
    agree(student.d_rmse(y, p), slopes(reference.rmse, y, p), **SLOPE)


@task("d_rmse", points=1, kind="shapes")
def test_d_rmse_of_perfect_predictions_is_zero_in_any_shape(student, rng):
    for shape in SHAPES:
        y, _ = numbers(rng, shape)
        agree(warns_nothing(student.d_rmse, y, y), np.zeros(shape))


@task("d_rmse", points=1, kind="shapes")
def test_d_rmse_takes_any_one_shape_and_is_shared_among_samples(student, reference, rng):
    for shape in SHAPES:
        y, p = numbers(rng, shape)
        agree(leaves_arguments_alone(student.d_rmse, y, p), reference.d_rmse(y, p))
    y, p = numbers(rng, (3, 5))
    shares_among_samples(student.d_rmse, y, p, reference.d_rmse(y, p))
    refuses_other_shapes(student.d_rmse, reference.d_rmse, rng, numbers)


# ---- two classes ----


@task("bce", points=1, kind="shapes")
def test_bce_takes_any_one_shape_and_leaves_it_alone(student, reference, rng):
    for shape in [(40,), *SHAPES]:
        y, p = answers(rng, shape)
        agree(leaves_arguments_alone(student.bce, y, p), reference.bce(y, p))
    refuses_other_shapes(student.bce, reference.bce, rng, answers)


@task("bce", points=1, kind="extremes")
def test_bce_stands_certainty(student, reference):
    # First one that is not sure: what is wrong here as well has another cause.
    agree(student.bce(np.array([1.0]), np.array([0.25])), 1.3862943611198906)
    agree(warns_nothing(student.bce, WRONG, SURE), reference.bce(WRONG, SURE), **END)
    agree(leaves_arguments_alone(student.bce, WRONG, SURE), reference.bce(WRONG, SURE), **END)
    # One by one, so that none of the ends hides behind a larger one.
    for y in (0.0, 1.0):
        for p in (0.0, 1e-300, 1.0):
            y_one, p_one = np.array([y]), np.array([p])
            got = warns_nothing(student.bce, y_one, p_one)
            agree(got, reference.bce(y_one, p_one), **END)


@task("bce", points=1, kind="rules")
def test_bce_of_a_doubled_batch_is_the_same(student, reference, rng):
    y, p = answers(rng, (3, 5))
    counts_each_sample_alike(student.bce, y, p, reference.bce(y, p))


@task("d_bce", points=1, kind="rules")
def test_d_bce_is_the_slope_of_bce(student, reference, rng):
    y, p = answers(rng, (3, 5))
    agree(student.d_bce(y, p), slopes(reference.bce, y, p), **SLOPE)


@task("d_bce", points=1, kind="extremes")
def test_d_bce_stands_certainty(student, reference):
    sure, right = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    wrong_way = warns_nothing(student.d_bce, 1 - right, sure)
    agree(wrong_way, reference.d_bce(1 - right, sure), **END_SLOPE)
    agree(
        leaves_arguments_alone(student.d_bce, WRONG[:4], SURE[:4]),
        reference.d_bce(WRONG[:4], SURE[:4]),
        **END_SLOPE,
    )
    # Where certainty is right, the slope at the clipped p is 1, and 0 is as true: both are small.
    right_way = warns_nothing(student.d_bce, right, sure)
    expect(np.shape(right_way) == (2,) and np.all(np.abs(right_way) < 1), "small_slope")


@task("d_bce", points=1, kind="shapes")
def test_d_bce_takes_any_one_shape_and_is_shared_among_samples(student, reference, rng):
    for shape in SHAPES:
        y, p = answers(rng, shape)
        agree(leaves_arguments_alone(student.d_bce, y, p), reference.d_bce(y, p))
    y, p = answers(rng, (3, 5))
    shares_among_samples(student.d_bce, y, p, reference.d_bce(y, p))
    refuses_other_shapes(student.d_bce, reference.d_bce, rng, answers)


# ---- several classes ----


@task("ce_sparse", points=1, kind="shapes")
def test_ce_sparse_takes_any_shape_and_leaves_it_alone(student, reference, rng):
    for shape in TABLES:
        y, P = labels(rng, shape), probabilities(rng, shape)
        agree(leaves_arguments_alone(student.ce_sparse, y, P), reference.ce_sparse(y, P))


@task("ce_sparse", points=1, kind="extremes")
def test_ce_sparse_stands_certainty(student, reference):
    P = np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [1.0, 1e-20, 0.0]])
    for y in (np.array([0, 2, 0]), np.array([1, 0, 2]), np.array([1, 1, 0])):
        warns_nothing(student.ce_sparse, y, P)
        agree(leaves_arguments_alone(student.ce_sparse, y, P), reference.ce_sparse(y, P), **END)


@task("ce_sparse", points=1, kind="rules")
def test_ce_sparse_of_a_doubled_batch_is_the_same(student, reference, rng):
    y, P = labels(rng, (3, 5)), probabilities(rng, (3, 5))
    counts_each_sample_alike(student.ce_sparse, y, P, reference.ce_sparse(y, P))


@task("d_ce_sparse", points=1, kind="extremes")
def test_d_ce_sparse_stands_certainty(student, reference):
    P = np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [1.0, 1e-20, 0.0]])
    for y in (np.array([0, 2, 0]), np.array([1, 0, 2]), np.array([1, 1, 1])):
        warns_nothing(student.d_ce_sparse, y, P)
        got = leaves_arguments_alone(student.d_ce_sparse, y, P)
        agree(got, reference.d_ce_sparse(y, P), **END_SLOPE)


@task("d_ce_sparse", points=1, kind="shapes")
def test_d_ce_sparse_takes_any_shape_and_is_shared_among_samples(student, reference, rng):
    for shape in TABLES:
        y, P = labels(rng, shape), probabilities(rng, shape)
        agree(leaves_arguments_alone(student.d_ce_sparse, y, P), reference.d_ce_sparse(y, P))
    y, P = labels(rng, (3, 5)), probabilities(rng, (3, 5))
    shares_among_samples(student.d_ce_sparse, y, P, reference.d_ce_sparse(y, P))
    y, P = labels(rng, (3, 5)), rng.uniform(0.1, 0.9, size=(3, 5))
    agree(student.d_ce_sparse(y, P), slopes(reference.ce_sparse, y, P), **SLOPE)


@task("ce_onehot", points=1, kind="shapes")
def test_ce_onehot_takes_any_one_shape_and_leaves_it_alone(student, reference, rng):
    for shape in TABLES:
        P = probabilities(rng, shape)
        for Y in (one_hot(rng, shape), probabilities(rng, shape)):
            agree(leaves_arguments_alone(student.ce_onehot, Y, P), reference.ce_onehot(Y, P))
    Y, P = one_hot(rng, (4, 3)), probabilities(rng, (4, 3))
    for one in (Y[:1], Y[:, :1], Y[0]):
        expect(
            not is_answer(student.ce_onehot.outcome(one, P)),
            "broadcast",
            misconception="A6.5",
        )
        refuses(student.ce_onehot, one, P)


@task("ce_onehot", points=1, kind="extremes")
def test_ce_onehot_stands_certainty(student, reference):
    P = np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [1.0, 1e-20, 0.0]])
    # First a row that is not sure: what is wrong there as well has another cause.
    agree(student.ce_onehot(np.array([[1.0, 0.0, 0.0]]), P[1:2]), 0.6931471805599453)
    for y in ([0, 2, 0], [1, 0, 2], [1, 1, 0]):
        Y = np.eye(3)[y]
        warns_nothing(student.ce_onehot, Y, P)
        agree(leaves_arguments_alone(student.ce_onehot, Y, P), reference.ce_onehot(Y, P), **END)


@task("ce_onehot", points=1, kind="rules")
def test_ce_onehot_of_a_doubled_batch_is_the_same(student, reference, rng):
    Y, P = one_hot(rng, (3, 5)), probabilities(rng, (3, 5))
    counts_each_sample_alike(student.ce_onehot, Y, P, reference.ce_onehot(Y, P))


@task("d_ce_onehot", points=1, kind="rules")
def test_d_ce_onehot_is_the_slope_and_refuses_other_shapes(student, reference, rng):
    Y, P = one_hot(rng, (3, 5)), rng.uniform(0.1, 0.9, size=(3, 5))
    agree(student.d_ce_onehot(Y, P), slopes(reference.ce_onehot, Y, P), **SLOPE)
    agree(leaves_arguments_alone(student.d_ce_onehot, Y, P), reference.d_ce_onehot(Y, P))
    Y, P = one_hot(rng, (4, 3)), probabilities(rng, (4, 3))
    for one in (Y[:1], Y[:, :1], Y[0]):
        expect(
            not is_answer(student.d_ce_onehot.outcome(one, P)),
            "broadcast",
            misconception="A6.5",
        )
        refuses(student.d_ce_onehot, one, P)


@task("d_ce_onehot", points=1, kind="extremes")
def test_d_ce_onehot_stands_certainty_and_is_shared_among_samples(student, reference, rng):
    P = np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [1.0, 1e-20, 0.0]])
    for y in ([0, 2, 0], [1, 0, 2], [1, 1, 1]):
        Y = np.eye(3)[y]
        warns_nothing(student.d_ce_onehot, Y, P)
        got = leaves_arguments_alone(student.d_ce_onehot, Y, P)
        agree(got, reference.d_ce_onehot(Y, P), **END_SLOPE)
    Y, P = probabilities(rng, (3, 5)), probabilities(rng, (3, 5))
    shares_among_samples(student.d_ce_onehot, Y, P, reference.d_ce_onehot(Y, P))


@task("ce_from_logits", points=1, kind="shapes")
def test_ce_from_logits_takes_any_shape_and_leaves_it_alone(student, reference, rng):
    for shape in TABLES:
        y, Z = labels(rng, shape), rng.normal(scale=3, size=shape)
        agree(leaves_arguments_alone(student.ce_from_logits, y, Z), reference.ce_from_logits(y, Z))


@task("ce_from_logits", points=1, kind="extremes")
def test_ce_from_logits_stands_large_scores(student, reference):
    for y in (np.array([1, 2, 2]), np.array([2, 1, 0]), np.array([0, 0, 1])):
        got = warns_nothing(student.ce_from_logits, y, FAR)
        agree(got, reference.ce_from_logits(y, FAR), rtol=1e-7, atol=1e-9)


@task("ce_from_logits", points=1, kind="rules")
def test_ce_from_logits_stays_when_a_row_is_shifted_or_all_are_doubled(student, reference, rng):
    y, Z = labels(rng, (3, 5)), rng.normal(size=(3, 5))
    shifted = Z + 100 * rng.normal(size=(3, 1))
    before, after = student.ce_from_logits(y, Z), student.ce_from_logits(y, shifted)
    agree(before, reference.ce_from_logits(y, Z))
    # Scores of a few hundred lose three digits to the shift.
    agree(after, reference.ce_from_logits(y, Z), atol=1e-10)
    y, Z = labels(rng, (3, 5)), rng.normal(scale=2, size=(3, 5))
    counts_each_sample_alike(student.ce_from_logits, y, Z, reference.ce_from_logits(y, Z))


@task("d_ce_from_logits", points=1, kind="extremes")
def test_d_ce_from_logits_stands_large_scores(student, reference):
    for y in (np.array([1, 2, 2]), np.array([2, 1, 0]), np.array([0, 0, 1])):
        warns_nothing(student.d_ce_from_logits, y, FAR)
        got = leaves_arguments_alone(student.d_ce_from_logits, y, FAR)
        agree(got, reference.d_ce_from_logits(y, FAR))


@task("d_ce_from_logits", points=1, kind="shapes")
def test_d_ce_from_logits_takes_any_shape_and_is_shared_among_samples(student, reference, rng):
    for shape in TABLES:
        y, Z = labels(rng, shape), rng.normal(scale=3, size=shape)
        got = leaves_arguments_alone(student.d_ce_from_logits, y, Z)
        agree(got, reference.d_ce_from_logits(y, Z))
    y, Z = labels(rng, (3, 5)), rng.normal(scale=2, size=(3, 5))
    shares_among_samples(student.d_ce_from_logits, y, Z, reference.d_ce_from_logits(y, Z))
    y, Z = labels(rng, (3, 5)), rng.normal(scale=2, size=(3, 5))
    agree(student.d_ce_from_logits(y, Z), slopes(reference.ce_from_logits, y, Z), **SLOPE)
