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
    networks_left,
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
# It again, sure of its answers; and networks that answer 1001, 0000, 0111, 1110, 0010, 0100
# and 0000. The third rests on the plateau 0.477, the last on 0.347.
SURE = [[[1, 1], [1, 1]], [0, -1], [[20, -40]], [-10]]
NEVER = [[[1, 1], [1, -1]], [0.5, 0.5], [[0, 0]], [-1]]
WRONG = [
    [[[1, 1], [1, 1]], [0, -1], [[-20, 40]], [10]],
    NEVER,
    [[[1, 1], [1, 1]], [0, -1], [[10.69, -10.69]], [-10]],
    [[[1, 1], [1, 1]], [0, -1], [[0, -20]], [10]],
    [[[1, -1], [1, 1]], [0, 0], [[20, 0]], [-10]],
    [[[-1, 1], [1, 1]], [0, 0], [[20, 0]], [-10]],
    [[[1, 1], [1, 1]], [0, -1], [[9.99, -19.98]], [-10]],
]
# From this seed on, the notes' network is stuck on 0.477 at first, with three answers right; the
# second start is a good one.
RESTART_SEED = 86
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


def has_learnt(told):
    """Whether a network answers XOR: by its weights, or by its own word where it has other ones."""
    shaped, before, after, _ = told
    logits = logits_of(shaped, 8, np.tanh)
    if logits is not None:
        return solves(logits)
    before, after = (np.ravel(each) for each in (before, after))
    return after.shape == (4,) and solves(after) and not solves(before)


def solves(logits):
    return logits is not None and bool(((logits > 0) == (Y[:, 0] > 0.5)).all())


# Eight tanh units at a start from which any right program learns XOR: PyTorch's own kind of start.
START = np.random.default_rng(10)
GOOD_START = float32(
    START.uniform(-1, 1, size=shape) / np.sqrt(inputs)
    for shape, inputs in (((8, 2), 2), ((8,), 2), ((1, 8), 8), ((1,), 8))
)


def loss_of(logits):
    return float(np.mean(np.logaddexp(0, np.where(Y[:, 0] > 0.5, -logits, logits))))


# ---- plain scripts: a network under the name model, and no functions ---------------------------

# What a script's last step cannot be: no other start would better it.
WRONG_STEPS = {
    *("double_sigmoid", "broadcast", "first_row", "adds_up", "cleared", "no_backward", "other"),
}
# Where a network rests: after so many steps, on so flat a loss, so near to a plateau.
STEPS_TO_REST, FLAT, NEAR = 300, 0.012, 0.01


def is_script(student):
    if defines(student, "train_step") is not None:
        return False
    return defines(student, "model") is not None or bool(networks_left(student))


def step_of(script):
    return script.last_step(X.astype(float), Y.astype(float))


def logits_of_script(script):
    """The logits of the four points, or None where the outputs are not one for each row."""
    if script.outputs.shape not in ((8, 1), (8,)):
        return None
    if script.activation:
        return script.logits(X.astype(float))
    outputs = script.outputs.ravel()[:4]
    with np.errstate(divide="ignore"):
        return np.log(outputs / (1 - outputs)) if script.probability else outputs


def will_do(script):
    """Whether a run of the script will do, or no other start could better it."""
    logits = logits_of_script(script)
    hopeless = (
        logits is None or script.straight or script.untrained or step_of(script) in WRONG_STEPS
    )
    return bool(hopeless or loss_of(logits) < 0.34)


def demand_of_script(student, what):
    """Demand what a task asks of a script; see the end of the first prose cell."""
    if defines(student, "model") is None:
        there = ", ".join(f"{name} ({kind})" for name, kind in networks_left(student).items())
        expect(False, "script_no_model", there=there)
    script = torch_script(student, np.concatenate([X, FRESH]), will_do, shows="script_read")
    logits, step = logits_of_script(script), step_of(script)
    expect(logits is not None, "script_outputs", got=str(script.outputs.shape))
    expect(np.isfinite(logits).all() or what == "data", "script_ran_away")
    if what == "layers":
        one_layer = len(script.layers) == 1
        expect(not one_layer, "script_one_layer")
        known = "A10.2" if script.activation == "none" else None
        expect(not script.straight, "script_linear", misconception=known)
    if what == "step":
        by_hand = script.steps or not script.walks or solves(logits)
        expect(by_hand, "script_no_step")
        expect(not script.untrained, "script_untrained", misconception="A10.7")
        expect(step != "double_sigmoid", "script_step", misconception="A10.3")
        expect(step != "broadcast", "script_step", misconception="A10.4")
        expect(step != "first_row", "script_step", misconception="A10.9")
        expect(step != "adds_up", "script_adds_up", misconception="A10.1")
        expect(step != "cleared", "script_cleared", misconception="A10.1")
        expect(step != "no_backward", "script_no_backward")
        expect(step != "other", "script_step")
    if what == "answers" or (what == "step" and step not in ("right", "first_alone")):
        expect(solves(logits), "script_answers")
    if what == "learnt":
        demand_learnt(script, loss_of(logits), step)


def demand_learnt(script, loss, step):
    """Demand that a script has learnt, and say that its start was bad where nothing else is."""
    told = {"loss": round(loss, 3), "steps": script.steps}
    at_rest = script.steps >= STEPS_TO_REST and script.slope(X.astype(float), Y) < FLAT
    on_plateau = min(abs(plateau - loss) for plateau in PLATEAUS) < NEAR
    in_order = step == "right" and not script.untrained and not script.straight
    expect(not (at_rest and on_plateau and in_order), "script_stuck", misconception="A10.6", **told)
    known = "A10.9" if step == "first_alone" else None
    expect(loss < 0.34, "script_loss", misconception=known, **told)


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
    """The loss and the weights after each step, and how often each was walked back and made."""
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
    walks, steps = [], []
    layers[-1].bias.register_hook(walks.append)
    opt.register_step_pre_hook(lambda *_: steps.append(1))
    told = []
    for x, y in batches:
        batch = torch.tensor(x), torch.tensor(y)
        value = program.train_step(model, *batch, opt, getattr(nn, loss)())
        told.append((value, [each.detach().clone() for each in model.parameters()]))
    return told, len(walks), len(steps)


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
    """Train from a seed, once for all who ask: the weights, the answers before and after, losses.

    The checks of five seeds and of twenty and the picture have this very function; what it has
    found stays beside the program.
    """
    import torch

    told = vars(program).setdefault("_gradeflow", {})
    if seed not in told:
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        model, x = program.XORNet(8, "tanh"), torch.tensor(x)
        before = model(x).detach()
        history = program.train(model, x, torch.tensor(y))
        try:
            history = [float(each) for each in history]
        except Exception:  # the business of another check
            history = None
        weights = [(list(each.shape), each) for each in model.parameters()]
        told[seed] = weights, before, model(x), history
    return told[seed]


def predicted(program, logits):
    import torch

    return program.predict(torch.nn.Identity(), torch.tensor(logits))


def restarted(program, max_tries, outcomes):
    """Run train_with_restarts with a train that only sets weights, those of outcomes in turn.

    None in place of the network where what came back is no pair with one.
    """
    import inspect

    import torch

    corners = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]]).float()
    labels = corners.sum(dim=1) % 2
    starts, asked, seen = [], [], []
    own = program.train

    def train(*args, **kwargs):
        try:
            given = inspect.signature(own).bind(*args, **kwargs)
            given.apply_defaults()
            named = given.arguments
        except TypeError:
            named = dict(zip(("model", "x", "y", "epochs", "lr"), args, strict=False), **kwargs)
        asked.append([named.get("epochs"), named.get("lr")])
        model = args[0] if args else kwargs.get("model")
        starts.append([each.detach().clone() for each in model.parameters()])
        arrays = outcomes[min(len(starts), len(outcomes)) - 1]
        given = {array.shape: torch.tensor(array) for array in arrays}
        for each in model.parameters():
            each.data = given.get(tuple(each.shape), each.data).clone()
        W, b, v, c = (torch.tensor(array) for array in arrays)
        z = (torch.relu(corners @ W.T + b) @ v.T + c)[:, 0]
        if bool(((z > 0) == (labels > 0)).all()):
            try:
                answers = program.predict(model, corners)
                seen.append(answers.shape == (4, 1) and bool((answers[:, 0] == labels).all()))
            except Exception:  # another check tells
                seen.append(False)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, labels).item()
        return [0.7] * 999 + [loss]

    program.train = train
    try:
        got = program.train_with_restarts(max_tries)
    finally:
        program.train = own
    pair = isinstance(got, (tuple, list)) and len(got) == 2
    if not (pair and isinstance(got[0], torch.nn.Module)):
        return type(got).__name__, None, starts, asked, all(seen)
    model, tries = got
    shaped = [(list(each.shape), each) for each in model.parameters()]
    return tries, shaped, starts, asked, all(seen)


def predicted_by(program, arrays, x):
    import torch

    model = torch.nn.Linear(3, 1)
    model.weight.data, model.bias.data = (torch.tensor(each) for each in arrays)
    return program.predict(model, torch.tensor(x))


def restarted_for_real(program, seed, max_tries, x):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, tries = program.train_with_restarts(max_tries)
    shaped = [(list(each.shape), each) for each in model.parameters()]
    return [tries, shaped, model(torch.tensor(x))]


def demand_form(shaped):
    """Demand the parameters of the smallest network."""
    wanted, got = [[2, 2], [2], [1, 2], [1]], [list(shape) for shape, _ in shaped]
    expect(sorted(got) == sorted(wanted), "not_2_2_1", got=str(got), wanted=str(wanted))


def told_of(program, kept):
    return kept


def demand_layers(student, args, hidden):
    shapes = probe(student, parameters_of)(*args)
    wanted = [[hidden, 2], [hidden], [1, hidden], [1]]
    facts = {"got": str(shapes), "wanted": str(wanted), "hidden": hidden}
    expect(sorted(shapes) == sorted(wanted), "layers", **facts)


def demand_outputs(student, out, wanted):
    """Demand the logits; where they are probabilities, its own training tells what is wrong."""
    if np.shape(out) == wanted.shape and np.allclose(out, 1 / (1 + np.exp(-wanted)), **CLOSE):
        given = float32(RELU_2), X, Y, {"epochs": 2, "lr": 0.5}
        probe(student, trained).outcome(*given)
        expect(False, "probabilities")
    agree(out, wanted, **CLOSE)


def demand_steps(student, function, *given):
    """The losses and weights of some steps; demand that each walks back and that steps are made."""
    told, walks, steps = probe(student, function, shows="shows_steps")(*given)
    still = all(difference(each[1], told[0][1]) is None for each in told)
    expect(not (still and not walks), "no_backward")
    expect(not (still and not steps), "no_step")
    return told


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


def rests(logits):
    """Tell whether a network's loss lies on a plateau."""
    return logits is not None and any(abs(loss_of(logits) - each) < 0.01 for each in PLATEAUS)


def knows_answers(student):
    """Tell whether predict is right: else a loop never learns that a start was a good one."""
    logits = np.array([[-2], [-0.1], [0.1], [0.4], [2]], dtype=np.float32)
    got = probe(student, predicted).outcome(logits)
    return difference(getattr(got, "value", None), (logits > 0) * 1.0, dtype="any") is None


def follows_the_trace(student, reference, rng):
    """Tell whether train does what the reference does, number by number."""
    given = random_network(rng, 2, 4, 1), X, Y, {"epochs": 3, "lr": 0.5}
    told = training(student, *given)
    return difference(told, probe(reference, trained)(*given), **CLOSE) is None


@pytest.mark.parametrize("act", ["tanh", "relu", "sigmoid"])
@task("XORNet", points=2)
def test_xornet_works_out_its_logits_with_each_activation(student, reference, rng, act):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    given = 5, act, random_network(rng, 2, 5, 1), float32([rng.normal(size=(7, 2))])[0]
    demand_layers(student, (5, act), 5)
    out = probe(student, outputs_of, shows="shows_outputs")(*given)
    demand_outputs(student, out, probe(reference, outputs_of)(*given))


@pytest.mark.parametrize("loss", ["BCEWithLogitsLoss", "BCELoss", "MSELoss"])
@task("train_step", points=2)
def test_train_step_follows_the_trace_with_each_loss(student, reference, rng, loss):
    if is_script(student):
        demand_of_script(student, "step")
        return
    given = random_network(rng, 2, 5, 1), "Tanh", batches_of(rng, 3, 7, 2, loss), loss, 0.0
    told = demand_steps(student, steps_of, *given)
    agree(told, probe(reference, steps_of)(*given)[0], **CLOSE)


@task("train_step", points=3, kind="shapes")
def test_train_step_takes_any_network_and_optimizer(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    start = [0.5 * each for each in random_network(rng, 3, 5, 4, 1)]
    given = start, "Sigmoid", batches_of(rng, 5, 6, 3, "BCELoss"), "BCELoss", 0.5
    told = demand_steps(student, steps_of, *given)
    agree(told, probe(reference, steps_of)(*given)[0], **CLOSE)


@task("train_step", points=2, kind="edges")
def test_train_step_takes_a_batch_of_one(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    given = random_network(rng, 3, 4, 1), "ReLU", batches_of(rng, 2, 1, 3, "MSELoss"), "MSELoss", 0
    told = demand_steps(student, steps_of, *given)
    agree(told, probe(reference, steps_of)(*given)[0], **CLOSE)


@task("train", points=4)
def test_train_follows_the_trace_of_the_weights(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    x, y = batches_of(rng, 1, 7, 2, "BCELoss")[0]
    given = random_network(rng, 2, 5, 1), x, y, {"epochs": 5, "lr": 0.3}
    told = training(student, *given)
    agree(told, probe(reference, trained)(*given), **CLOSE)


@task("train", points=2, kind="runs")
def test_train_learns_xor_from_a_good_start(student):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    _, arrays = long_run(student, trained, GOOD_START, X, Y, {"epochs": 100})
    logits = logits_of([(np.shape(each), each) for each in arrays], 8, np.tanh)
    expect(solves(logits), "not_learnt")


@task("train", points=15, kind="runs")
def test_train_learns_xor_on_18_of_20_seeds(student, reference, rng):
    expect(not is_script(student), "script_once")
    told = (long_run(student, learnt, seed, X, Y) for seed in SEEDS)
    enough_succeed((has_learnt(each) for each in told), says="seeds")


@task("predict", points=3)
def test_predict_answers_for_any_logits(student, rng):
    if is_script(student):
        demand_of_script(student, "answers")
        return
    # The first is negative: else a program that knows no negative and one that knows only the first
    # row would do the same.
    near = np.r_[-0.2, 0, rng.uniform(-0.49, 0.49, 8)]
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


@task("train_with_restarts", points=4, kind="runs")
def test_train_with_restarts_makes_new_networks_and_at_most_so_many(student):
    expect(not is_script(student), "script_once")
    outcomes = [float32(WRONG[0])]
    tries, shaped, starts, asked, _ = probe(student, restarted, shows="shows_restarts")(3, outcomes)
    expect(shaped is not None, "no_pair", got=str(tries))
    if not starts:  # its loop trains in its own way; the run on a real start tells
        return
    expect(len(starts) > 1, "gave_up", misconception="A10.6", trained=len(starts))
    again = [each for each in starts[1:] if difference(each, outcomes[0], **CLOSE) is None]
    expect(not again, "trained_on", misconception="A10.6")
    expect(len(starts) == 3, "too_many", trained=len(starts), allowed=3)
    agree(tries, 3)
    for epochs, lr in asked:  # None where train has no such parameter
        expect(epochs in (1000, None), "epochs_asked", got=str(epochs))
        expect(lr in (0.1, None), "lr_asked", got=str(lr))
    demand_form(shaped)


@task("train_with_restarts", points=12, kind="runs")
def test_train_with_restarts_finds_weights_for_the_smallest_network(student, reference, rng):
    expect(not is_script(student), "script_once")
    x = float32([np.concatenate([X, rng.uniform(-3, 3, size=(12, 2))])])[0]
    tries, shaped, outputs = long_run(student, restarted_for_real, RESTART_SEED, 25, x)
    logits = logits_of(shaped, 2, relu)
    demand_form(shaped)
    found = {tuple(shape): np.asarray(array, float) for shape, array in shaped}
    hidden = relu(x @ found[2, 2].T + found[2,])
    agree(np.asarray(outputs), hidden @ found[1, 2].T + found[1,], rtol=1e-4, atol=1e-4)
    bad_start = not solves(logits) and rests(logits) and knows_answers(student)
    if bad_start and follows_the_trace(student, reference, rng):
        loss = round(loss_of(logits), 3)
        expect(False, "stuck", misconception="A10.6", loss=loss, tries=str(tries))
    expect(solves(logits), "no_success", tries=str(tries))
