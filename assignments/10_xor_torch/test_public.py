"""Checks that every learner gets."""

from itertools import pairwise

import numpy as np

from autograder.checks import (
    FIRST_SEEDS,
    agree,
    defines,
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


def described(program):
    x, y = program.xor_data()
    return [(type(each).__name__, str(getattr(each, "dtype", "")), each) for each in (x, y)]


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


def training(student, *given):
    """Run train, after steps of train_step: so a mistake in these is told from one in train."""
    batch = [FRESH[:, :1].astype(np.float32), FRESH[:, 1:].astype(np.float32)]
    start = float32([[[1.5]], [0.5]])
    probe(student, steps_of).outcome(start, "Tanh", [batch] * 2, "MSELoss", 0.0)
    return probe(student, trained, shows="shows_train")(*given)


def told_of(program, kept):
    return kept


def long_run(student, function, *args):
    """Run a probe whose call stays with this program: to put it to every wrong variant takes long.

    Short checks of the same function name the misunderstanding.
    """
    kept = probe(student, function, shows="shows_long_run").kept(*args)
    return probe(student, told_of, shows="shows_long_run")(kept)


# ---- the checks --------------------------------------------------------------------------------


@task("xor_data", points=3)
def test_xor_data_has_the_right_types_and_shapes(student):
    if is_script(student):
        demand_of_script(student, "data")
        return
    for name, (kind, dtype, values) in zip("xy", probe(student, described)(), strict=True):
        expect(kind == "Tensor", "data_kind", name=name, got=kind)
        is_float = dtype == "torch.float32"
        expect(is_float, "data_dtype", misconception="A10.5", name=name, got=dtype)
        wanted, got = ((4, 2), (4, 1))[name == "y"], np.shape(values)
        known = "A10.4" if name == "y" and got == (4,) else None
        facts = {"name": name, "got": str(got), "wanted": str(wanted)}
        expect(got == wanted, "data_shape", misconception=known, **facts)


@task("xor_data", points=3)
def test_xor_data_holds_the_four_points_and_their_labels(student):
    if is_script(student):
        demand_of_script(student, "data")
        return
    (_, _, x), (_, _, y) = probe(student, described)()
    agree(x, X)
    agree(np.reshape(y, (-1, 1)) if np.size(y) == 4 else y, Y)


@task("XORNet", points=3)
def test_xornet_has_the_worked_logits(student):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    out = probe(student, outputs_of, shows="shows_outputs")(2, "relu", float32(RELU_2), X)
    agree(out, np.array([[-0.5], [0.5], [0.5], [-0.5]]), **CLOSE)


@task("XORNet", points=2)
def test_xornet_has_two_linear_layers(student):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    for args, hidden in (((5, "tanh"), 5), ((), 8)):
        shapes = probe(student, parameters_of)(*args)
        wanted = [[hidden, 2], [hidden], [1, hidden], [1]]
        facts = {"got": str(shapes), "wanted": str(wanted), "hidden": hidden}
        expect(sorted(shapes) == sorted(wanted), "layers", **facts)


@task("train_step", points=5)
def test_train_step_makes_the_two_worked_steps(student):
    if is_script(student):
        demand_of_script(student, "step")
        return
    start, batch = float32([[[1, 2]], [0]]), float32([[[1, 1]], [[1]]])
    told = probe(student, steps_of, shows="shows_steps")(start, "Tanh", [batch] * 2, "MSELoss", 0.0)
    (loss, (W, b)), (second_loss, (second_W, second_b)) = told
    agree(loss, 4.0, **CLOSE)
    agree(W, np.array([[0.6, 1.6]]), **CLOSE)
    agree(b, np.array([-0.4]), **CLOSE)
    agree(second_loss, 0.64, **CLOSE)
    agree(second_W, np.array([[0.44, 1.44]]), **CLOSE)
    agree(second_b, np.array([-0.56]), **CLOSE)


@task("train_step", points=3)
def test_train_step_follows_the_trace_on_xor(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    start, batch = random_network(rng, 2, 4, 1), [X, Y]
    given = start, "Tanh", [batch] * 3, "BCEWithLogitsLoss", 0.0
    told = probe(student, steps_of, shows="shows_steps")(*given)
    agree(told, probe(reference, steps_of)(*given), **CLOSE)


@task("train", points=4)
def test_train_returns_the_loss_of_each_epoch(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    given = random_network(rng, 2, 4, 1), X, Y, {"epochs": 4, "lr": 0.5}
    history, _ = training(student, *given)
    agree(history, probe(reference, trained)(*given)[0], **CLOSE)


@task("train", points=5)
def test_train_learns_xor_on_the_first_five_seeds(student):
    expect(not is_script(student), "script_once")
    told = (long_run(student, learnt, seed, X, Y) for seed in FIRST_SEEDS)
    enough_succeed((solves(logits_of(each, 8, np.tanh)) for each in told), says="seeds")


@task("predict", points=3)
def test_predict_answers_as_in_the_table(student):
    if is_script(student):
        demand_of_script(student, "answers")
        return
    logits = np.array([[-2.0], [-0.1], [0.1], [0.4], [2.0]], dtype=np.float32)
    got = probe(student, predicted, shows="shows_predict")(logits)
    agree(got, np.array([[0.0], [0.0], [1.0], [1.0], [1.0]]), dtype="any")


@task("train_with_restarts", points=4)
def test_train_with_restarts_stops_at_the_first_success(student):
    expect(not is_script(student), "script_once")
    outcomes = [float32(NEVER), float32(NEVER), float32(SURE), float32(NEVER)]
    given = 25, outcomes
    told = probe(student, restarted, shows="shows_restarts")(*given)
    tries, shaped, starts, _ = told
    if not starts:  # its loop trains in its own way; the run on a real start will tell
        return
    expect(len(starts) > 2, "gave_up", misconception="A10.6", trained=len(starts))
    expect(len(starts) == 3, "went_on", trained=len(starts))
    agree(tries, 3)
    expect(solves(logits_of(shaped, 2, lambda z: np.maximum(z, 0))), "wrong_model")
