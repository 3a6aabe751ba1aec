"""Checks that every learner gets."""

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

Y = np.array([1.0, 2.0, 3.0, 4.0])
P = np.array([1.5, 2.0, 2.0, 7.0])
TABLE_Y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
TABLE_P = np.array([[1.0, 3.0], [3.0, 4.0], [3.0, 6.0]])
OTHER_P = TABLE_Y + np.array([[0.5, 1.0], [-1.0, 2.0], [-2.0, 0.25]])
TRUE = np.array([1.0, 0.0])
SAID = np.array([0.8, 0.4])
LABELS = np.array([0, 2])
ONE_HOT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
# At the very ends clipping can be written in several right ways, which differ in the fifth digit.
END, END_SLOPE = {"rtol": 1e-5, "atol": 1e-9}, {"rtol": 1e-3}
# Some are certain, some nearly: clipping is what writes into an argument.
CERTAIN = np.array([[0.0, 1.0, 0.0], [0.5, 0.3, 0.2], [1.0, 0.0, 1e-20]])
ALL_TRUE = (np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([2, 0, 1]))
FAR = np.array([[1000.0, -1000.0, 0.0], [710.0, 709.0, -5.0], [-2000.0, -1000.0, -3000.0]])
LOGITS = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]])


def is_close(got, wanted):
    return difference(got, wanted) is None


def is_answer(outcome):
    """Tell numbers that came back; None, or an exception returned and not raised, are no answer."""
    value = getattr(outcome, "value", None)
    return isinstance(value, np.ndarray | np.generic | float | int | list | tuple)


def refuses_others(function, y, right):
    """Demand a ValueError for targets y and other predictions than y's shape has."""
    for other in (y[:, None] + 0.25, y[:1] + 0.25):
        answer = function.outcome(y, other)
        if is_answer(answer):
            # Reshaping in silence is not what was asked, but no misunderstanding.
            reshaped = np.size(answer.value) == np.size(right)
            reshaped = reshaped and is_close(np.reshape(answer.value, np.shape(right)), right)
            expect(reshaped, "broadcast", misconception="A6.5")
        refuses(function, y, other)


def keeps_to_what_it_gets(function, wanted):
    """Demand that both arrays are left alone, and that they must have the same shape."""
    agree(leaves_arguments_alone(function, TABLE_Y, OTHER_P), wanted(TABLE_Y, OTHER_P))
    refuses_others(function, Y, wanted(Y, Y + 0.25))


@task("l1", points=1)
def test_l1_has_the_worked_values(student):
    row, table = student.l1(Y, P), student.l1(TABLE_Y, TABLE_P)
    agree(row, 1.125)
    agree(table, 1.0)


@task("l1", points=1)
def test_l1_refuses_a_column_against_a_row(student):
    column = P[:, None]
    answer = student.l1.outcome(Y, column)
    if is_answer(answer) and not is_close(answer.value, 1.125):
        expect(False, "broadcast", misconception="A6.5")
    refuses(student.l1, Y, column)


@task("l1", points=1)
def test_l1_leaves_its_inputs_alone(student, reference):
    agree(leaves_arguments_alone(student.l1, TABLE_Y, TABLE_P), reference.l1(TABLE_Y, TABLE_P))


@task("d_l1", points=1)
def test_d_l1_has_the_worked_values(student):
    row, table = student.d_l1(Y, P), student.d_l1(TABLE_Y, TABLE_P)
    agree(row, np.array([0.25, 0.0, -0.25, 0.25]))
    agree(table, np.array([[0, 1], [0, 0], [-1, 0]]) / 3)


@task("d_l1", points=1)
def test_d_l1_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.d_l1, reference.d_l1)


@task("l2", points=1)
def test_l2_has_the_worked_values(student):
    row, table = student.l2(Y, P), student.l2(TABLE_Y, TABLE_P)
    expect(not is_close(row, 2.5625), "half_missing")
    agree(row, 1.28125)
    agree(table, 5 / 6)


@task("l2", points=1)
def test_l2_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.l2, reference.l2)


@task("d_l2", points=1)
def test_d_l2_has_the_worked_values(student):
    row, table = student.d_l2(Y, P), student.d_l2(TABLE_Y, TABLE_P)
    agree(row, np.array([0.125, 0.0, -0.25, 0.75]))
    agree(table, np.array([[0, 1], [0, 0], [-2, 0]]) / 3)


@task("d_l2", points=1)
def test_d_l2_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.d_l2, reference.d_l2)


@task("mse", points=1)
def test_mse_has_the_worked_values(student):
    row, table = student.mse(Y, P), student.mse(TABLE_Y, TABLE_P)
    expect(not is_close(row, 1.28125), "half_too_many")
    agree(row, 2.5625)
    agree(table, 5 / 3)


@task("mse", points=1)
def test_mse_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.mse, reference.mse)


@task("d_mse", points=1)
def test_d_mse_has_the_worked_values(student):
    row, table = student.d_mse(Y, P), student.d_mse(TABLE_Y, TABLE_P)
    agree(row, np.array([0.25, 0.0, -0.5, 1.5]))
    agree(table, np.array([[0, 2], [0, 0], [-4, 0]]) / 3)


@task("d_mse", points=1)
def test_d_mse_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.d_mse, reference.d_mse)


@task("rmse", points=1)
def test_rmse_has_the_worked_values(student):
    row, table = student.rmse(Y, P), student.rmse(TABLE_Y, TABLE_P)
    agree(row, 1.6007810593582121)
    agree(table, 1.2909944487358056)


@task("rmse", points=1)
def test_rmse_of_equal_errors_is_their_size(student):
    got = student.rmse(np.array([1.0, 5.0, 3.0]), np.array([3.0, 7.0, 5.0]))
    expect(not is_close(got, 0.0), "no_deviation", misconception="A6.4")
    agree(got, 2.0)


@task("rmse", points=1)
def test_rmse_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.rmse, reference.rmse)


@task("d_rmse", points=1)
def test_d_rmse_has_the_worked_values(student):
    row, table = student.d_rmse(Y, P), student.d_rmse(TABLE_Y, TABLE_P)
    agree(row, np.array([0.5, 0.0, -1.0, 3.0]) / (4 * 1.6007810593582121))
    agree(table, np.array([[0, 1], [0, 0], [-2, 0]]) / (3 * 1.2909944487358056))


@task("d_rmse", points=1)
def test_d_rmse_of_perfect_predictions_is_zero(student):
    agree(warns_nothing(student.d_rmse, Y, Y), np.zeros(4))


@task("d_rmse", points=1)
def test_d_rmse_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    keeps_to_what_it_gets(student.d_rmse, reference.d_rmse)


@task("bce", points=1)
def test_bce_has_the_worked_values(student):
    both, other = (
        student.bce(TRUE, SAID),
        student.bce(np.array([[1.0, 1.0]]), np.array([[0.5, 0.25]])),
    )
    agree(both, 0.3669845875401002)
    agree(other, 2.0794415416798357)


@task("bce", points=1)
def test_bce_of_a_sure_and_wrong_prediction_is_finite(student):
    # First one that is not sure: what is wrong here as well has another cause.
    agree(student.bce(np.array([1.0]), np.array([0.25])), 1.3862943611198906)
    got = warns_nothing(student.bce, np.array([1.0, 1.0]), np.array([0.0, 1.0]))
    agree(got, 13.815510557964274, rtol=1e-5)


@task("bce", points=1)
def test_bce_clips_what_is_nearly_certain(student):
    # At the very end too, without a verdict: who clips there, and only there, has clipped.
    student.bce.outcome(np.array([1.0]), np.array([0.0]))
    got = warns_nothing(student.bce, np.array([1.0, 1.0]), np.array([1e-20, 0.25]))
    agree(got, (27.631021115928547 + 1.3862943611198906) / 2, rtol=1e-5)


@task("bce", points=1)
def test_bce_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    student.bce.outcome(TRUE, SAID)  # nobody is sure: what is wrong here has another cause
    y, p = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.75, 0.125])
    agree(leaves_arguments_alone(student.bce, y, p), reference.bce(y, p), rtol=1e-5)
    refuses_others(student.bce, np.array([0.25, 0.5, 0.125]), -1.0)


@task("d_bce", points=1)
def test_d_bce_has_the_worked_values(student):
    both = student.d_bce(TRUE, SAID)
    other = student.d_bce(np.array([[1.0, 1.0, 0.0]]), np.array([[0.5, 0.25, 0.5]]))
    agree(both, np.array([-0.625, 0.8333333333333333]))
    agree(other, np.array([[-2.0, -4.0, 2.0]]))


@task("d_bce", points=1)
def test_d_bce_of_a_sure_and_wrong_prediction_is_finite(student):
    got = warns_nothing(student.d_bce, np.array([1.0, 0.0]), np.array([0.0, 0.5]))
    # Clipping can be written in ways that differ in the fifth digit there.
    agree(got, np.array([-5e11, 1.0]), rtol=1e-3)


@task("d_bce", points=1)
def test_d_bce_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    student.d_bce.outcome(TRUE, SAID)  # nobody is sure: what is wrong here has another cause
    y, p = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.75, 0.125])
    agree(leaves_arguments_alone(student.d_bce, y, p), reference.d_bce(y, p), rtol=1e-3)
    refuses_others(student.d_bce, np.array([0.25, 0.5, 0.125]), np.zeros(3))


@task("ce_sparse", points=1)
def test_ce_sparse_has_the_worked_values(student):
    both, one = (
        student.ce_sparse(LABELS, PROBABILITIES),
        student.ce_sparse(LABELS[1:], PROBABILITIES[1:]),
    )
    # The truth is not always the likeliest: its probability counts all the same.
    less = student.ce_sparse(np.array([1, 0]), PROBABILITIES)
    agree(both, 0.43375028385233653)
    agree(one, 0.5108256237659907)
    agree(less, 1.956011502714073)


@task("ce_sparse", points=1)
def test_ce_sparse_of_certain_predictions_is_finite(student, reference):
    student.ce_sparse.outcome(LABELS, PROBABILITIES)  # nobody is sure, as above
    for y in ALL_TRUE:
        agree(warns_nothing(student.ce_sparse, y, CERTAIN), reference.ce_sparse(y, CERTAIN), **END)


@task("ce_sparse", points=1)
def test_ce_sparse_leaves_its_inputs_alone(student, reference):
    y, P = np.array([1, 2, 0, 1]), np.concatenate([CERTAIN, [[0.2, 0.7, 0.1]]])
    agree(leaves_arguments_alone(student.ce_sparse, y, P), reference.ce_sparse(y, P), **END)


@task("d_ce_sparse", points=1)
def test_d_ce_sparse_has_the_worked_values(student):
    both = student.d_ce_sparse(LABELS, PROBABILITIES)
    one = student.d_ce_sparse(np.array([1]), np.array([[0.5, 0.25, 0.25]]))
    agree(both, np.array([[-1 / 1.4, 0, 0], [0, 0, -1 / 1.2]]))
    agree(one, np.array([[0.0, -4.0, 0.0]]))


@task("d_ce_sparse", points=1)
def test_d_ce_sparse_of_certain_predictions_is_finite_and_leaves_them_alone(student, reference):
    student.d_ce_sparse.outcome(LABELS, PROBABILITIES)  # nobody is sure, as above
    for y in ALL_TRUE:
        warns_nothing(student.d_ce_sparse, y, CERTAIN)
        got = leaves_arguments_alone(student.d_ce_sparse, y, CERTAIN)
        agree(got, reference.d_ce_sparse(y, CERTAIN), **END_SLOPE)


@task("ce_onehot", points=1)
def test_ce_onehot_has_the_worked_values(student):
    both = student.ce_onehot(ONE_HOT, PROBABILITIES)
    spread = student.ce_onehot(np.array([[0.5, 0.5, 0.0]]), np.array([[0.25, 0.5, 0.25]]))
    agree(both, 0.43375028385233653)
    agree(spread, 1.0397207708399179)


@task("ce_onehot", points=1)
def test_ce_onehot_of_certain_predictions_is_finite(student, reference):
    # First a row that is not sure: what is wrong there as well has another cause.
    agree(student.ce_onehot(np.array([[1.0, 0.0, 0.0]]), CERTAIN[1:2]), 0.6931471805599453)
    for y in ALL_TRUE:
        Y1 = np.eye(3)[y]
        got = warns_nothing(student.ce_onehot, Y1, CERTAIN)
        agree(got, reference.ce_onehot(Y1, CERTAIN), **END)


@task("ce_onehot", points=1)
def test_ce_onehot_leaves_its_inputs_alone_and_refuses_other_shapes(student, reference):
    student.ce_onehot.outcome(ONE_HOT, PROBABILITIES)  # nobody is sure, as above
    Y1 = np.eye(3)[[1, 2, 0]]
    got = leaves_arguments_alone(student.ce_onehot, Y1, CERTAIN)
    agree(got, reference.ce_onehot(Y1, CERTAIN), **END)
    refuses_a_row(student.ce_onehot)


@task("d_ce_onehot", points=1)
def test_d_ce_onehot_has_the_worked_values(student):
    both = student.d_ce_onehot(ONE_HOT, PROBABILITIES)
    spread = student.d_ce_onehot(np.array([[0.5, 0.5, 0.0]]), np.array([[0.25, 0.5, 0.25]]))
    agree(both, np.array([[-1 / 1.4, 0, 0], [0, 0, -1 / 1.2]]))
    agree(spread, np.array([[-2.0, -1.0, 0.0]]))


@task("d_ce_onehot", points=1)
def test_d_ce_onehot_stands_certainty_leaves_it_alone_and_refuses_other_shapes(student, reference):
    student.d_ce_onehot.outcome(ONE_HOT, PROBABILITIES)  # nobody is sure, as above
    for y in ALL_TRUE:
        Y1 = np.eye(3)[y]
        warns_nothing(student.d_ce_onehot, Y1, CERTAIN)
        got = leaves_arguments_alone(student.d_ce_onehot, Y1, CERTAIN)
        agree(got, reference.d_ce_onehot(Y1, CERTAIN), **END_SLOPE)
    refuses_a_row(student.d_ce_onehot)


def refuses_a_row(function):
    """Demand a ValueError for one row of targets against two of probabilities."""
    answer = function.outcome(ONE_HOT[:1], PROBABILITIES)
    expect(not is_answer(answer), "broadcast", misconception="A6.5")
    refuses(function, ONE_HOT[:1], PROBABILITIES)


@task("ce_from_logits", points=1)
def test_ce_from_logits_has_the_worked_values(student):
    both, flat = student.ce_from_logits(LABELS, LOGITS), student.ce_from_logits(LABELS, LOGITS * 0)
    agree(both, 0.20469539288908511)
    agree(flat, 1.0986122886681098)


@task("ce_from_logits", points=1)
def test_ce_from_logits_is_exact_for_large_scores(student):
    equal = warns_nothing(student.ce_from_logits, np.array([0]), np.array([[-1000.0, -1000.0]]))
    got = warns_nothing(student.ce_from_logits, np.array([1]), np.array([[1000.0, -1000.0]]))
    agree(equal, 0.6931471805599453)
    expect(not is_close(got, 27.631021115928547), "clipped_logits")
    agree(got, 2000.0)


@task("ce_from_logits", points=1)
def test_ce_from_logits_leaves_its_inputs_alone(student, reference):
    y = np.array([1, 2, 0])
    got = leaves_arguments_alone(student.ce_from_logits, y, FAR)
    agree(got, reference.ce_from_logits(y, FAR))


@task("d_ce_from_logits", points=1)
def test_d_ce_from_logits_has_the_worked_values(student, reference):
    both = student.d_ce_from_logits(LABELS, LOGITS)
    flat = student.d_ce_from_logits(np.array([1]), np.array([[0.0, 0.0, 0.0, 0.0]]))
    agree(both, reference.d_ce_from_logits(LABELS, LOGITS))
    agree(flat, np.array([[0.25, -0.75, 0.25, 0.25]]))


@task("d_ce_from_logits", points=1)
def test_d_ce_from_logits_stands_large_scores_and_leaves_them_alone(student, reference):
    for y in ALL_TRUE:
        warns_nothing(student.d_ce_from_logits, y, FAR)
        got = leaves_arguments_alone(student.d_ce_from_logits, y, FAR)
        agree(got, reference.d_ce_from_logits(y, FAR))
