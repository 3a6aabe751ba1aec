"""Checks that every learner gets."""

from itertools import pairwise

import numpy as np

from autograder.checks import (
    FIRST_SEEDS,
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
    shaped, before, after = told
    logits = logits_of(shaped, 8, np.tanh)
    if logits is not None:
        return solves(logits)
    before, after = (np.ravel(each) for each in (before, after))
    return after.shape == (4,) and solves(after) and not solves(before)


def solves(logits):
    return logits is not None and bool(((logits > 0) == (Y[:, 0] > 0.5)).all())


def loss_of(logits):
    return float(np.mean(np.logaddexp(0, np.where(Y[:, 0] > 0.5, -logits, logits))))


# Eight tanh units at a start from which any right program learns XOR: PyTorch's own kind of start.
START = np.random.default_rng(10)
GOOD_START = float32(
    START.uniform(-1, 1, size=shape) / np.sqrt(inputs)
    for shape, inputs in (((8, 2), 2), ((8,), 2), ((1, 8), 8), ((1,), 8))
)


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
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, x = program.XORNet(8, "tanh"), torch.tensor(x)
    before = model(x).detach()
    program.train(model, x, torch.tensor(y))
    return [(list(each.shape), each) for each in model.parameters()], before, model(x)


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


def fresh(program, hidden, act):
    pairs = [program.XORNet(hidden, act) for _ in range(2)]
    return [[each.detach() for each in model.parameters()] for model in pairs]


def tries_by_default(program):
    import inspect

    default = inspect.signature(program.train_with_restarts).parameters.get("max_tries")
    return default.default if default and type(default.default) is int else None


def kind_of_loss(program, x, y):
    import torch

    model = torch.nn.Linear(2, 1)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.tensor(x), torch.tensor(y)
    return type(program.train_step(model, x, y, opt, torch.nn.MSELoss())).__name__


def outputs_by_default(program, arrays, x):
    import torch

    model = program.XORNet()
    given = {array.shape: torch.tensor(array) for array in arrays}
    for each in model.parameters():
        each.data = given.get(tuple(each.shape), each.data).clone()
    return model(torch.tensor(x))


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


def demand_layers(student, args, hidden):
    shapes = probe(student, parameters_of, shows="shows_parameters")(*args)
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


@task("xor_data", points=3)
def test_xor_data_has_the_right_types_and_shapes(student):
    if is_script(student):
        demand_of_script(student, "data")
        return
    for name, (kind, dtype, values) in zip(
        "xy", probe(student, described, shows="shows_data")(), strict=True
    ):
        expect(kind == "Tensor", "data_kind", name=name, got=kind)
        is_float = dtype == "torch.float32"
        known = "A10.5" if "int" in dtype else None
        expect(is_float, "data_dtype", misconception=known, name=name, got=dtype)
        wanted, got = ((4, 2), (4, 1))[name == "y"], np.shape(values)
        known = "A10.4" if name == "y" and got == (4,) else None
        facts = {"name": name, "got": str(got), "wanted": str(wanted)}
        expect(got == wanted, "data_shape", misconception=known, **facts)


@task("xor_data", points=3)
def test_xor_data_holds_the_four_points_and_their_labels(student):
    if is_script(student):
        demand_of_script(student, "data")
        return
    (_, _, x), (_, _, y) = probe(student, described, shows="shows_data")()
    agree(x, X)
    agree(np.reshape(y, (-1, 1)) if np.size(y) == 4 else y, Y)


@task("XORNet", points=3)
def test_xornet_has_the_worked_logits(student):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    demand_layers(student, (2, "relu"), 2)
    out = probe(student, outputs_of, shows="shows_outputs")(2, "relu", float32(RELU_2), X)
    demand_outputs(student, out, np.array([[-0.5], [0.5], [0.5], [-0.5]]))


@task("XORNet", points=2)
def test_xornet_has_two_linear_layers(student):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    for args, hidden in (((5, "tanh"), 5), ((), 8)):
        demand_layers(student, args, hidden)


@task("XORNet", points=1)
def test_xornet_has_tanh_and_eight_units_by_default(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    given = random_network(rng, 2, 8, 1), float32([rng.normal(size=(3, 2))])[0]
    demand_layers(student, (), 8)
    out = probe(student, outputs_by_default, shows="shows_outputs")(*given)
    demand_outputs(student, out, probe(reference, outputs_by_default)(*given))


@task("XORNet", points=2)
def test_xornet_starts_from_fresh_random_weights(student):
    if is_script(student):
        demand_of_script(student, "layers")
        return
    one, other = probe(student, fresh, shows="shows_two_networks")(6, "relu")
    same = any(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    expect(not same, "not_fresh")
    rows = np.asarray(one[0])
    expect(len(np.unique(rows)) > 1, "not_fresh")


@task("train_step", points=5)
def test_train_step_makes_the_two_worked_steps(student):
    if is_script(student):
        demand_of_script(student, "step")
        return
    start, batch = float32([[[1, 2]], [0]]), float32([[[1, 1]], [[1]]])
    told = demand_steps(student, steps_of, start, "Tanh", [batch] * 2, "MSELoss", 0.0)
    (loss, (W, b)), (second_loss, (second_W, second_b)) = told
    expect(difference(loss, 0.64, **CLOSE) is not None, "loss_after")
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
    told = demand_steps(student, steps_of, *given)
    agree(told, probe(reference, steps_of)(*given)[0], **CLOSE)


@task("train_step", points=1)
def test_train_step_returns_a_number(student, rng):
    if is_script(student):
        demand_of_script(student, "step")
        return
    kind = probe(student, kind_of_loss, shows="shows_one_step")(X, Y)
    expect(kind in ("float", "float32", "float64"), "loss_kind", got=kind)


@task("train", points=4)
def test_train_returns_the_loss_of_each_epoch(student, reference, rng):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    given = random_network(rng, 2, 4, 1), X, Y, {"epochs": 4, "lr": 0.5}
    history, _ = training(student, *given)
    agree(history, probe(reference, trained)(*given)[0], **CLOSE)


@task("train", points=2)
def test_train_makes_100_steps_of_size_2_by_default(student, reference):
    if is_script(student):
        demand_of_script(student, "learnt")
        return
    history, _ = long_run(student, trained, GOOD_START, X, Y, {})
    wanted, _ = probe(reference, trained)(GOOD_START, X, Y, {"epochs": 3, "lr": 2.0})
    agree(len(history), 100)
    agree(history[:3], wanted, **CLOSE)


@task("train", points=5)
def test_train_learns_xor_on_the_first_five_seeds(student):
    expect(not is_script(student), "script_once")
    told = (long_run(student, learnt, seed, X, Y) for seed in FIRST_SEEDS)
    enough_succeed((has_learnt(each) for each in told), says="seeds")


@task("predict", points=3)
def test_predict_answers_as_in_the_table(student):
    if is_script(student):
        demand_of_script(student, "answers")
        return
    logits = np.array([[-2.0], [-0.1], [0.0], [0.1], [0.4], [2.0]], dtype=np.float32)
    got = probe(student, predicted, shows="shows_predict")(logits)
    agree(got, np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]]), dtype="any")


def restarts(student, *given):
    """Run train_with_restarts, and demand the form of what comes back."""
    told = probe(student, restarted, shows="shows_restarts")(*given)
    expect(told[1] is not None, "no_pair", got=str(told[0]))
    return told


def demand_form(shaped):
    """Demand the parameters of the smallest network."""
    wanted, got = [[2, 2], [2], [1, 2], [1]], [list(shape) for shape, _ in shaped]
    expect(sorted(got) == sorted(wanted), "not_2_2_1", got=str(got), wanted=str(wanted))


@task("train_with_restarts", points=2)
def test_train_with_restarts_stops_at_the_first_success(student):
    expect(not is_script(student), "script_once")
    outcomes = [*map(float32, WRONG), float32(SURE), float32(NEVER)]
    tries, shaped, starts, asked, seen = restarts(student, 25, outcomes)
    if not starts:  # its loop trains in its own way; the run on a real start will tell
        return
    demand_form(shaped)
    trained, needed = len(starts), len(WRONG) + 1
    expect(trained > 1, "gave_up", misconception="A10.6", trained=trained)
    if trained < needed:
        W, b, v, c = (np.array(each, float) for each in WRONG[trained - 1])
        logits = (np.maximum(X @ W.T + b, 0) @ v.T + c)[:, 0]
        answers = ", ".join("1" if each > 0 else "0" for each in logits)
        told = {"answers": answers, "loss": round(loss_of(logits), 3)}
        expect(False, "stopped_early", trained=trained, **told)
    expect(trained == needed or seen, "not_seen", needed=needed)
    expect(trained == needed, "went_on", needed=needed, trained=trained)
    agree(tries, needed)
    expect(solves(logits_of(shaped, 2, lambda z: np.maximum(z, 0))), "wrong_model")
    demand_asked(asked)


def demand_asked(asked):
    """Demand what each network is to be trained with; None where train has no such parameter."""
    for epochs, lr in asked:
        expect(epochs in (1000, None), "epochs_asked", got=str(epochs))
        expect(lr in (0.1, None), "lr_asked", got=str(lr))


@task("train_with_restarts", points=2)
def test_train_with_restarts_returns_the_last_network_where_none_is_right(student):
    expect(not is_script(student), "script_once")
    allowed = probe(student, tries_by_default)()
    expect(allowed in (None, 25), "default_tries", got=str(allowed))
    outcomes = [float32(WRONG[0])]
    tries, shaped, starts, _, _ = restarts(student, 2, outcomes)
    if not starts:
        return
    demand_form(shaped)
    expect(len(starts) > 1, "gave_up", misconception="A10.6", trained=len(starts))
    again = difference(starts[1], outcomes[0], **CLOSE) is None
    expect(not again, "trained_on", misconception="A10.6")
    expect(len(starts) == 2, "too_many", trained=len(starts), allowed=2)
    agree(tries, 2)
