"""Checks that learners never see."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.checks import (
    SEEDS,
    agree,
    defines,
    difference,
    enough_succeed,
    expect,
    probe,
    task,
    torch_script,
)

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
Y = np.array([[0], [1], [1], [0]], dtype=np.float32)
FRESH = np.array([[2.5, -1.0], [-0.7, 0.3], [0.4, 1.9], [-2.0, -1.5]])
# float32 carries seven digits; sums that cancel lose some of them.
CLOSE = {"rtol": 1e-5, "atol": 1e-6}
# The network of the example in task 2, its layers as PyTorch keeps them: (units, inputs).
RELU_2 = [[[1, 1], [1, 1]], [0, -1], [[1, -2]], [-0.5]]
# It again, sure of its answers, and a network that answers 0 whatever it sees.
SURE = [[[1, 1], [1, 1]], [0, -1], [[20, -40]], [-10]]
NEVER = [[[1, 1], [1, -1]], [0.5, 0.5], [[0, 0]], [-1]]
# From this seed on, the notes' network is stuck at first; the second start is a good one.
RESTART_SEED = 2
# The loss on which a network rests that is stuck.
PLATEAUS = (0.693, 0.477, 0.347)


def float32(arrays):
    return [np.array(each, dtype=np.float32) for each in arrays]


def random_network(rng, *sizes):
    """Weights and biases in PyTorch's layout, W (d_out, d_in) and b (d_out,), in turn."""
    pairs = pairwise(sizes)
    return float32(a for n, m in pairs for a in (rng.normal(size=(m, n)), rng.normal(size=m)))


def logits_of(shaped, hidden, curve):
    """Work out the logits of the four points, or None where the network has other layers."""
    found = {tuple(shape): np.asarray(array, float) for shape, array in shaped}
    wanted = [(hidden, 2), (hidden,), (1, hidden), (1,)]
    if set(found) != set(wanted) or len(shaped) != 4:
        return None
    W1, b1, W2, b2 = (found[shape] for shape in wanted)
    return (curve(X @ W1.T + b1) @ W2.T + b2)[:, 0]


def solves(logits):
    return logits is not None and bool(((logits > 0) == (Y[:, 0] > 0.5)).all())


# Eight tanh units at a start from which any right program learns XOR: PyTorch's own kind of start.
START = np.random.default_rng(10)
GOOD_START = float32(
    START.uniform(-1, 1, size=shape) / np.sqrt(inputs)
    for shape, inputs in (((8, 2), 2), ((8,), 2), ((1, 8), 8), ((1,), 8))
)


# ---- plain scripts: a network under the name model, and no functions ---------------------------


def is_script(student):
    return defines(student, "model") is not None and defines(student, "train_step") is None


def demand_of_script(student, what):
    """Demand what a task asks of a script; see the end of the first prose cell."""
    script = torch_script(student, np.concatenate([X, FRESH]), shows="script_read")
    shape = str(script.outputs.shape)
    expect(script.outputs.shape in ((8, 1), (8,)), "script_outputs", got=shape)
    linear = script.activation == "none"
    expect(what != "layers" or not linear, "script_linear", misconception="A10.2")
    outputs = script.outputs.ravel()[:4]
    with np.errstate(divide="ignore"):
        logits = np.log(outputs / (1 - outputs)) if script.probability else outputs
    if script.activation:
        logits = script.logits(X.astype(float))
    if what == "step":
        expect(not script.untrained, "script_untrained", misconception="A10.7")
        step = script.last_step(X.astype(float), Y.astype(float))
        expect(step != "double_sigmoid", "script_step", misconception="A10.3")
        expect(step != "broadcast", "script_step", misconception="A10.4")
        expect(step != "first_row", "script_step", misconception="A10.9")
        expect(step != "other", "script_step")
    if what == "answers" or (what == "step" and step not in ("right", "first_alone")):
        expect(solves(logits), "script_answers")
    if what == "learnt":
        loss = float(np.mean(np.logaddexp(0, np.where(Y[:, 0] > 0.5, -logits, logits))))
        resting = min(PLATEAUS, key=lambda plateau: abs(plateau - loss))
        step = script.last_step(X.astype(float), Y.astype(float))
        in_order = not linear and not script.untrained and step in ("right", "cleared")
        stuck = abs(resting - loss) < 0.01 and in_order
        expect(not stuck, "script_stuck", misconception="A10.6", loss=round(loss, 3))
        known = "A10.9" if step == "first_alone" else None
        expect(loss < 0.34, "script_loss", misconception=known, loss=round(loss, 3))


# ---- what runs beside the program --------------------------------------------------------------


def parameters_of(program, *args):
    return [list(each.shape) for each in program.XORNet(*args).parameters()]


def outputs_of(program, hidden, act, arrays, x):
    import torch

    model = program.XORNet(hidden=hidden, act=act)
    given = {array.shape: torch.tensor(array) for array in arrays}
    for each in model.parameters():
        each.data = given.get(tuple(each.shape), each.data).clone()
    return model(torch.tensor(x))


def steps_of(program, arrays, act, batches, loss, momentum):
    import torch
    from torch import nn

    torch.set_num_threads(1)
    layers = []
    for W, b in zip(arrays[::2], arrays[1::2], strict=True):
        layers += [getattr(nn, act)()] if layers else []
        layers.append(nn.Linear(W.shape[1], W.shape[0]))
        layers[-1].weight.data, layers[-1].bias.data = torch.tensor(W), torch.tensor(b)
    model = nn.Sequential(*layers, *([nn.Sigmoid()] if loss == "BCELoss" else []))
    opt = torch.optim.SGD(model.parameters(), lr=0.5 if layers[1:] else 0.1, momentum=momentum)
    told = []
    for x, y in batches:
        batch = torch.tensor(x), torch.tensor(y)
        value = program.train_step(model, *batch, opt, getattr(nn, loss)())
        told.append((value, [each.detach().clone() for each in model.parameters()]))
    return told


def trained(program, arrays, x, y, args):
    import torch
    from torch import nn

    torch.set_num_threads(1)
    first, last = nn.Linear(2, len(arrays[1])), nn.Linear(len(arrays[1]), 1)
    model = nn.Sequential(first, nn.Tanh(), last)
    for each, array in zip(model.parameters(), arrays, strict=True):
        each.data = torch.tensor(array)
    history = program.train(model, torch.tensor(x), torch.tensor(y), **args)
    return history, list(model.parameters())


def learnt(program, seed, x, y):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model = program.XORNet(8, "tanh")
    program.train(model, torch.tensor(x), torch.tensor(y))
    return [(list(each.shape), each) for each in model.parameters()]


def predicted(program, logits):
    import torch

    return program.predict(torch.nn.Identity(), torch.tensor(logits))


def restarted(program, max_tries, outcomes):
    """Run train_with_restarts with a train that only sets weights, those of outcomes in turn."""
    import torch

    starts, asked = [], []

    def train(model, *args, **kwargs):
        starts.append([each.detach().clone() for each in model.parameters()])
        named = dict(zip(("x", "y", "epochs", "lr"), args, strict=False), **kwargs)
        asked.append([named.get("epochs"), named.get("lr")])
        arrays = outcomes[min(len(starts), len(outcomes)) - 1]
        given = {array.shape: torch.tensor(array) for array in arrays}
        for each in model.parameters():
            each.data = given[tuple(each.shape)].clone()
        right = bool(arrays[3][0] < -5)
        return [0.69] * 999 + [0.0001 if right else 0.69]

    own, program.train = program.train, train
    try:
        model, tries = program.train_with_restarts(max_tries)
    finally:
        program.train = own
    return tries, [(list(each.shape), each) for each in model.parameters()], starts, asked


def outputs_by_default(program, arrays, x):
    import torch

    model = program.XORNet()
    given = {array.shape: torch.tensor(array) for array in arrays}
    for each in model.parameters():
        each.data = given.get(tuple(each.shape), each.data).clone()
    return model(torch.tensor(x))


def kind_of_loss(program, x, y):
    import torch

    model = torch.nn.Linear(2, 1)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.tensor(x), torch.tensor(y)
    return type(program.train_step(model, x, y, opt, torch.nn.MSELoss())).__name__


def predicted_by(program, arrays, x):
    import torch

    model = torch.nn.Linear(3, 1)
    model.weight.data, model.bias.data = (torch.tensor(each) for each in arrays)
    return program.predict(model, torch.tensor(x))


def fresh(program, hidden, act):
    pairs = [program.XORNet(hidden, act) for _ in range(2)]
    return [[each.detach() for each in model.parameters()] for model in pairs]


def tries_by_default(program):
    import inspect

    default = inspect.signature(program.train_with_restarts).parameters.get("max_tries")
    return default.default if default and type(default.default) is int else None


def restarted_for_real(program, seed, max_tries, x):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, tries = program.train_with_restarts(max_tries)
    shaped = [(list(each.shape), each) for each in model.parameters()]
    return [tries, shaped, model(torch.tensor(x))]


def told_of(program, kept):
    return kept


# ---- the checks --------------------------------------------------------------------------------


def training(student, *given):
    """Run train, after steps of train_step: so a mistake in these is told from one in train."""
    batch = [FRESH[:, :1].astype(np.float32), FRESH[:, 1:].astype(np.float32)]
    start = float32([[[1.5]], [0.5]])
    probe(student, steps_of).outcome(start, "Tanh", [batch] * 2, "MSELoss", 0.0)
    return probe(student, trained, shows="shows_train")(*given)


def long_run(student, function, *args):
    """Run a probe whose call stays with this program: to put it to every wrong variant takes long.

    Short checks of the same function name the misunderstanding.
    """
    kept = probe(student, function, shows="shows_long_run").kept(*args)
    return probe(student, told_of, shows="shows_long_run")(kept)


def relu(z):
    return np.maximum(z, 0.0)


def batches_of(rng, count, n, d, loss):
    """Fresh batches (x, y): numbers for a squared error, labels 0 and 1 for cross-entropies."""
    numbers = [(rng.normal(size=(n, d)), rng.normal(size=(n, 1))) for _ in range(count)]
    return [float32([x, y if loss == "MSELoss" else y > 0]) for x, y in numbers]


def loss_of(logits):
    return float(np.mean(np.logaddexp(0, np.where(Y[:, 0] > 0.5, -logits, logits))))


def rests(logits):
    """Tell whether a network's loss lies on a plateau."""
    return logits is not None and any(abs(loss_of(logits) - each) < 0.01 for each in PLATEAUS)


def follows_the_trace(student, reference, rng):
    """Tell whether train does what the reference does, number by number."""
    given = random_network(rng, 2, 4, 1), X, Y, {"epochs": 3, "lr": 0.5}
    told = probe(student, trained)(*given)
    return difference(told, probe(reference, trained)(*given), **CLOSE) is None


@pytest.mark.parametrize("act", ["tanh", "relu", "sigmoid"])
@task("XORNet", points=2)
def test_xornet_works_out_its_logits_with_each_activation(student, reference, rng, act):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    given = 5, act, random_network(rng, 2, 5, 1), float32([rng.normal(size=(7, 2))])[0]
    out = probe(student, outputs_of, shows="shows_outputs")(*given)
    agree(out, probe(reference, outputs_of)(*given), **CLOSE)


@task("XORNet", points=1)
def test_xornet_has_tanh_and_eight_units_by_default(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    given = random_network(rng, 2, 8, 1), float32([rng.normal(size=(3, 2))])[0]
    out = probe(student, outputs_by_default, shows="shows_outputs")(*given)
    agree(out, probe(reference, outputs_by_default)(*given), **CLOSE)


@task("XORNet", points=2)
def test_xornet_starts_from_fresh_random_weights(student):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    one, other = probe(student, fresh)(6, "relu")
    same = any(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    expect(not same, "not_fresh")
    rows = np.asarray(one[0])
    expect(len(np.unique(rows)) > 1, "not_fresh")


@pytest.mark.parametrize("loss", ["BCEWithLogitsLoss", "BCELoss", "MSELoss"])
@task("train_step", points=2)
def test_train_step_follows_the_trace_with_each_loss(student, reference, rng, loss):
    if is_script(student):
        demand_of_script(student, "step")
        return
    given = random_network(rng, 2, 5, 1), "Tanh", batches_of(rng, 3, 7, 2, loss), loss, 0.0
    told = probe(student, steps_of, shows="shows_steps")(*given)
    agree(told, probe(reference, steps_of)(*given), **CLOSE)


@task("train_step", points=3)
def test_train_step_takes_any_network_and_optimizer(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    start = [0.5 * each for each in random_network(rng, 3, 5, 4, 1)]
    given = start, "Sigmoid", batches_of(rng, 5, 6, 3, "BCELoss"), "BCELoss", 0.5
    told = probe(student, steps_of, shows="shows_steps")(*given)
    agree(told, probe(reference, steps_of)(*given), **CLOSE)


@task("train_step", points=2)
def test_train_step_takes_a_batch_of_one(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    given = random_network(rng, 3, 4, 1), "ReLU", batches_of(rng, 2, 1, 3, "MSELoss"), "MSELoss", 0
    told = probe(student, steps_of, shows="shows_steps")(*given)
    agree(told, probe(reference, steps_of)(*given), **CLOSE)


@task("train_step", points=1)
def test_train_step_returns_a_number(student, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    kind = probe(student, kind_of_loss)(X, Y)
    expect(kind in ("float", "float32", "float64"), "loss_kind", got=kind)


@task("train", points=4)
def test_train_follows_the_trace_of_the_weights(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    x, y = batches_of(rng, 1, 7, 2, "BCELoss")[0]
    given = random_network(rng, 2, 5, 1), x, y, {"epochs": 5, "lr": 0.3}
    told = training(student, *given)
    agree(told, probe(reference, trained)(*given), **CLOSE)


@task("train", points=2)
def test_train_makes_100_steps_of_size_2_by_default(student, reference):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    history, _ = long_run(student, trained, GOOD_START, X, Y, {})
    wanted, _ = probe(reference, trained)(GOOD_START, X, Y, {"epochs": 3, "lr": 2.0})
    agree(len(history), 100)
    agree(history[:3], wanted, **CLOSE)


@task("train", points=2)
def test_train_learns_xor_from_a_good_start(student):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    _, arrays = long_run(student, trained, GOOD_START, X, Y, {"epochs": 100})
    logits = logits_of([(np.shape(each), each) for each in arrays], 8, np.tanh)
    expect(solves(logits), "not_learnt")


@task("train", points=15)
def test_train_learns_xor_on_18_of_20_seeds(student, reference, rng):
    expect(not is_script(student), "script_once")
    told = (long_run(student, learnt, seed, X, Y) for seed in SEEDS)
    enough_succeed((solves(logits_of(each, 8, np.tanh)) for each in told), says="seeds")


@task("predict", points=3)
def test_predict_answers_for_any_logits(student, rng):
    if is_script(student):
        demand_of_script(student, "answers")
        return
    # The first is negative: else a program that knows no negative and one that knows only the first
    # row would do the same.
    near = np.r_[-0.2, rng.uniform(-0.49, 0.49, 8)]
    logits = float32([np.r_[near, rng.normal(size=5) * 3, 50, -50]])[0]
    got = probe(student, predicted, shows="shows_predict")(logits[:, None])
    agree(got, (logits > 0)[:, None] * 1.0, dtype="any")


@task("predict", points=2)
def test_predict_asks_the_network_about_every_row(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "answers")
        return
    W, x = 4 * rng.normal(size=(1, 3)), rng.normal(size=(9, 3))
    z = (x @ W.T)[:, 0]
    # Both answers come about, and the first row's is 0.
    given = float32([W, [-z.mean()]]), float32([x[np.argsort(z)]])[0]
    got = probe(student, predicted_by)(*given)
    agree(got, probe(reference, predicted_by)(*given), dtype="any")


@task("train_with_restarts", points=4)
def test_train_with_restarts_makes_new_networks_and_at_most_so_many(student):
    expect(not is_script(student), "script_once")
    allowed = probe(student, tries_by_default)()
    expect(allowed in (None, 25), "default_tries", got=str(allowed))
    outcomes = [float32(NEVER)]
    tries, shaped, starts, asked = probe(student, restarted, shows="shows_restarts")(3, outcomes)
    if not starts:  # its loop trains in its own way; the run on a real start tells
        return
    expect(len(starts) > 1, "gave_up", misconception="A10.6", trained=len(starts))
    again = [each for each in starts[1:] if difference(each, outcomes[0], **CLOSE) is None]
    expect(not again, "trained_on", misconception="A10.6")
    expect(len(starts) == 3, "too_many", trained=len(starts), allowed=3)
    agree(tries, 3)
    for epochs, lr in asked:
        expect(epochs in (1000, None), "epochs_asked", got=str(epochs))
        expect(lr in (0.1, None), "lr_asked", got=str(lr))
    expect(logits_of(shaped, 2, relu) is not None, "not_2_2_1")


@task("train_with_restarts", points=12)
def test_train_with_restarts_finds_weights_for_the_smallest_network(student, reference, rng):
    expect(not is_script(student), "script_once")
    x = float32([np.concatenate([X, rng.uniform(-3, 3, size=(12, 2))])])[0]
    tries, shaped, outputs = long_run(student, restarted_for_real, RESTART_SEED, 25, x)
    logits = logits_of(shaped, 2, relu)
    expect(logits is not None, "not_2_2_1")
    found = {tuple(shape): np.asarray(array, float) for shape, array in shaped}
    hidden = relu(x @ found[2, 2].T + found[2,])
    agree(np.asarray(outputs), hidden @ found[1, 2].T + found[1,], rtol=1e-4, atol=1e-4)
    if not solves(logits) and rests(logits) and follows_the_trace(student, reference, rng):
        loss = round(loss_of(logits), 3)
        expect(False, "stuck", misconception="A10.6", loss=loss, tries=str(tries))
    expect(solves(logits), "no_success", tries=str(tries))
