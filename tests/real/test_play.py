"""`gradeflow play` in Chromium: what a learner sees of their network, what each control does."""

import contextlib
import re
import shutil
import time
from pathlib import Path

import pytest
from lab_server import browser_page

from autograder.catalogue import find_course
from autograder.play.setting import Setting
from autograder.play.sources import Sources
from autograder.play.training import Training
from autograder.play.twin import Twin
from autograder.sandbox.opening import Sandbox
from tools.playing import played

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[2]
SECONDS = 60.0


class Page:
    """The page, and what a user does on it."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.opened = 0
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def open(self, setup=""):
        """Show a set-up: anew, or on the page that is open, as a link to it does."""
        before = -1
        if self.page.url.startswith(self.address):
            before = self.made
            self.opened += 1  # another address than before, whatever was shown
            self.page.evaluate(f"location.hash = '{setup}&opened={self.opened}'")
        else:
            self.page.goto(self.address + setup)
        self.until(lambda: self.made > max(before, 0) and self.step == 0)
        self.page.wait_for_selector("#play:enabled")
        return self

    @property
    def made(self):
        return int(self.page.evaluate("document.body.dataset.made") or 0)

    @property
    def setup(self):
        """What stands in the address: what the server has read."""
        said = self.page.evaluate("location.hash.slice(1)")
        return dict(pair.split("=") for pair in said.split("&") if pair)

    @property
    def step(self):
        return int(self.page.evaluate("document.body.dataset.step") or -1)

    def loss(self, part="test"):
        return float(self.page.inner_text(f"#{part}-loss"))

    def picture(self, selector="#output"):
        return self.page.evaluate(f"document.querySelector('{selector}').toDataURL()")

    def until(self, holds):
        end = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < end, self.page.inner_text("body")
            time.sleep(0.02)

    def train(self, steps):
        self.page.select_option("#speed", index=4)
        self.page.click("#play")
        self.until(lambda: self.step >= steps)
        self.page.click("#play")
        self.until(lambda: self.page.get_attribute("#play", "aria-pressed") == "false")


@pytest.fixture(scope="module")
def browser():
    with browser_page() as page:
        yield page


@pytest.fixture(scope="module")
def own_page(browser):
    with played(ROOT, "--reference") as (address, _):
        yield Page(browser, address)


@pytest.fixture
def page(own_page):
    own_page.errors.clear()
    yield own_page.open()
    assert own_page.errors == []


CONTROLS = [
    ("data", lambda page: page.click("#set-moons"), "moons"),
    ("noise", lambda page: slide(page, "#noise", 30), "30"),
    ("share", lambda page: slide(page, "#share", 80), "80"),
    ("features", lambda page: page.click('[data-keep="f-xy"]'), "x.y.xy"),
    ("layers", lambda page: page.click("#more-layers"), "4.4.4"),
    ("layers", lambda page: page.click("#fewer-layers"), "4"),
    ("layers", lambda page: page.click('[data-keep="l-0-more"]'), "5.4"),
    ("layers", lambda page: page.click('[data-keep="l-1-less"]'), "4.3"),
    ("activation", lambda page: page.select_option("#activation", "relu"), "relu"),
    ("loss", lambda page: page.select_option("#loss", "mse"), "mse"),
    ("seed", lambda page: page.click("#other-seed"), "2"),
    ("seed", lambda page: page.fill("#seed", "7") or page.press("#seed", "Enter"), "7"),
]
LEARNING = [
    ("rate", lambda page: page.select_option("#rate", "0.3"), "0.3"),
    ("batch", lambda page: page.select_option("#batch", "all"), "0"),
    ("l1", lambda page: page.select_option("#l1", "0.1"), "0.1"),
    ("l2", lambda page: page.select_option("#l2", "0.1"), "0.1"),
    ("dropout", lambda page: slide(page, "#dropout", 50), "50"),
]


def slide(page, selector, value):
    page.fill(selector, str(value))


def name_of(value):
    return value if isinstance(value, str) else ""


def seen(page):
    """Everything that a set-up changes before a step: the picture, the units, the losses."""
    units = page.page.locator("#network .unit:not(.feature)").count()
    return units, page.picture(), page.loss("train"), page.loss("test")


@pytest.mark.parametrize(("name", "use", "value"), CONTROLS, ids=name_of)
def test_a_control_of_the_set_up_changes_what_is_seen_and_the_address(page, name, use, value):
    before = seen(page)
    use(page.page)
    page.until(lambda: page.setup.get(name) == value)
    page.until(lambda: seen(page) != before)


@pytest.mark.parametrize(("name", "use", "value"), LEARNING, ids=name_of)
def test_a_control_of_the_learning_changes_what_a_step_makes(page, name, use, value):
    page.page.click("#step")
    page.until(lambda: page.step == 1)
    before = page.picture()
    use(page.page)
    page.until(lambda: page.setup.get(name) == value and page.step == 0)
    page.page.click("#step")
    page.until(lambda: page.step == 1)
    page.until(lambda: page.picture() != before)


def test_two_tanh_layers_learn_xor_and_none_do_not(page):
    page.open("#noise=0&rate=0.3")
    page.train(600)
    assert page.loss() < 0.1
    page.open("#noise=0&rate=0.3&layers=")
    assert page.setup["layers"] == ""
    page.train(600)
    assert page.loss() > 0.6


def test_a_network_can_be_trained_from_the_keyboard(page):
    page.page.focus("#network-card")
    page.page.keyboard.press("s")
    page.until(lambda: page.step == 1)
    page.page.keyboard.press("Space")
    page.until(lambda: page.step > 3)
    page.page.keyboard.press("Space")
    page.until(lambda: page.page.get_attribute("#play", "aria-pressed") == "false")
    assert "training loss" in page.page.inner_text("#live")
    page.page.keyboard.press("r")
    page.until(lambda: page.step == 0)
    page.page.focus("#set-xor")
    page.page.keyboard.press("ArrowRight")
    page.until(lambda: page.setup.get("data") == "circles")
    assert page.page.evaluate("document.activeElement.id") == "set-circles"


def test_a_shared_address_leads_to_the_same_set_up(page):
    page.open("#data=spirals&features=sinx.siny&layers=8.2&activation=relu&batch=0&seed=4")
    assert page.page.get_attribute("#set-spirals", "aria-checked") == "true"
    assert page.page.input_value("#activation") == "relu"
    assert page.page.locator('.feature[aria-pressed="true"]').count() == 2
    assert page.page.locator("#network .unit:not(.feature)").count() == 11
    assert page.page.inner_text("#counted") == "45 weights and biases"


def test_an_address_with_nonsense_in_it_is_read_as_far_as_it_makes_sense(page):
    page.open("#data=<b>&layers=9.9.9.9.9&rate=inf&features=&seed=-1&own=%22&evil=1")
    assert page.setup == {"layers": "8.8.8.8", "seed": "0", "own": "%22"}


def test_what_is_shown_stays_of_its_network_while_another_one_is_asked_for(page):
    before = page.made
    page.page.evaluate(
        "location.hash = '#layers=8.8.8.8'; dispatchEvent(new HashChangeEvent('hashchange'));"
        "document.getElementById('test-points').click()"
    )
    page.until(lambda: page.made > before and page.step == 0)


def test_numbers_show_where_somebody_points(page):
    page.page.hover('[data-keep="u-0-1"]')
    assert re.search(r"Layer 1, unit 2: bias 0; weights: x -?\d", page.page.inner_text("#hover"))
    assert page.page.inner_text("#shown") == "Layer 1, unit 2"
    page.page.hover("#output")
    assert re.search(r"x \S+, y \S+: 0\.\d", page.page.inner_text("#tip"))
    box = page.page.locator('[data-keep="f-x"]').bounding_box()
    page.page.mouse.move(box["x"] + box["width"] + 4, box["y"] + box["height"] / 2)
    assert re.search(r"Layer 1, weight from 1 to \d: -?\d", page.page.inner_text("#tip"))


def test_everything_speaks_chinese(page):
    page.page.select_option("#language", "zh")
    page.until(lambda: page.page.title() == "GradeFlow 游乐场")
    page.page.click("#step")
    page.until(lambda: page.step == 1)
    assert page.page.get_attribute("html", "lang") == "zh-Hans"
    names = r"GradeFlow|XOR|English|tanh|bce|[A-Za-z_0-9]+_\w+|sin|dropout|L[12]|\b[a-z]\w*\b"
    rest = re.sub(names, "", page.page.inner_text("header, main"))
    assert not re.search(r"[A-Za-z]{3}", rest)
    page.page.select_option("#language", "en")
    page.until(lambda: page.page.title() == "GradeFlow play")


def test_it_is_dark_where_the_system_is_and_light_when_asked(page):
    page.page.emulate_media(color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    page.until(lambda: page.page.evaluate(ground) == "rgb(15, 19, 24)")
    dark = page.picture()
    page.page.click("#theme")
    page.until(lambda: page.page.evaluate(ground) == "rgb(243, 244, 246)")
    assert page.picture() != dark
    page.page.evaluate("localStorage.clear()")
    page.page.emulate_media(color_scheme="light")


def test_everything_that_can_be_used_has_a_name(page):
    nameless = page.page.evaluate("""() => [...document.querySelectorAll(
        "button, input, select, canvas[role=img], [role=group], [role=radiogroup]")]
        .filter((each) => !(each.getAttribute("aria-label") || each.textContent.trim()
            || each.labels?.length)).map((each) => each.outerHTML)""")
    assert nameless == []


def test_where_motion_is_not_wanted_the_picture_changes_seldom(page):
    page.page.emulate_media(reduced_motion="reduce")
    page.page.click("#play")
    page.until(lambda: page.step > 0)
    shown = set()
    end = time.monotonic() + 1.2
    while time.monotonic() < end:
        shown.add(page.step)
    page.page.click("#play")
    page.page.emulate_media(reduced_motion="no-preference")
    assert 1 <= len(shown) <= 4


def test_a_learning_rate_that_breaks_the_network_is_told(page):
    page.open("#data=curve&loss=mse&rate=3&layers=8.8&activation=linear&features=x.y.xx.yy.xy")
    page.page.select_option("#speed", index=4)
    page.page.click("#play")
    page.page.wait_for_selector("#trouble:not([hidden])")
    assert "no number any more" in page.page.inner_text("#trouble")
    assert page.page.is_disabled("#play")
    page.page.click("#reset")
    page.page.wait_for_selector("#trouble", state="hidden")


# ---- a learner's own folder ---------------------------------------------------------------------

WRONG = ('dout = delta @ params[i]["W"].T', 'dout = 2 * delta @ params[i]["W"].T')
OTHERS = "sigmoid.tanh.d_sigmoid.d_tanh.mlp_forward.param_count.bce.d_bce.forward.batches.sgd_step"


@pytest.fixture
def folder(tmp_path):
    """A learner who has solved exercise 7, with a mistake in `backward`, and has no other."""
    shutil.copy(ROOT / "course.toml", tmp_path)
    room = tmp_path / "assignments" / "07_backprop"
    shutil.copytree(ROOT / "assignments" / "07_backprop", room)
    text = (ROOT / "solutions/07_backprop/backprop.py").read_text(encoding="utf-8")
    (room / "backprop.py").write_text(text.replace(*WRONG), encoding="utf-8")
    return tmp_path


def test_a_wrong_backward_is_seen_and_mended_while_the_page_is_open(folder, browser):
    file = folder / "assignments/07_backprop/backprop.py"
    with played(folder) as (address, _):
        page = Page(browser, address)
        page.page.goto(address)
        page.page.wait_for_selector("#use-own")
        assert "01_neuron, which is not in your folder" in page.page.inner_text("#trouble")
        page.open(f"#own={OTHERS}")
        page.page.wait_for_selector("#gradient .verdict.wrong")
        assert "they part first in layer 2" in page.page.inner_text("#gradient")
        assert "stands in for" in page.page.inner_text("#stand")
        page.until(lambda: "backward wrong" in page.page.inner_text("#functions"))
        assert "used as it is: backward (" in page.page.inner_text("#wrong-ones")
        with page.page.context.expect_page() as opened:
            page.page.locator("#functions a", has_text="backward").click()
        opened.value.wait_for_load_state()
        assert "Backpropagation" in opened.value.inner_text("body")
        opened.value.close()
        file.write_text(file.read_text(encoding="utf-8").replace(*WRONG[::-1]), encoding="utf-8")
        page.page.wait_for_selector("#gradient .verdict.right")
        page.until(lambda: "backward right" in page.page.inner_text("#functions"))
        assert page.errors == []
    page.until(lambda: "has lost its server" in page.page.inner_text("#trouble"))


@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
def test_a_framework_trains_the_same_network_to_the_same_weights(framework):
    pytest.importorskip(framework)
    sources = Sources.of(find_course(ROOT), reference=True)
    setting = Setting(data="moons", layers=(4, 3), dropout=20, l2=0.001, batch=20)
    with contextlib.ExitStack() as stack:
        ours, theirs = (
            stack.enter_context(contextlib.closing(Sandbox("plain", name, warm=True)))
            for name in ("numpy", framework)
        )
        training = Training(ours, sources, Twin(theirs, framework))
        stack.enter_context(contextlib.closing(training))
        losses = []
        for loss in ("bce", "mse"):
            _, made = training.make(Setting.read({**setting.as_data(), "loss": loss}))
            seen = training.advance(10)["twin"]
            assert (max(seen["apart"]) < 1e-12, seen["since"]) == (True, None)
            losses.append((made["twin"]["train"], seen["train"]))
        assert all(after < before for before, after in losses)
