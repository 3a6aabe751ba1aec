"""The page's server answers its own page and nobody else."""

import contextlib
import http.client
import json
import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn", reason='pip install "gradeflow[play]"')
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from autograder.messages import LANGUAGES, texts
from autograder.play import running
from autograder.play.guard import new_token
from autograder.play.server import STATIC, Pages
from autograder.play.sources import Sources
from autograder.play.telling import Facts
from autograder.play.verdicts import Verdicts

UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "sec-websocket-version": "13",
}


class NoTraining:
    """What a visit trains with, where nothing is trained."""

    def close(self):
        pass


class Client:
    """Asks the server as any program could: with any path and any headers."""

    def __init__(self, address):
        self.address = address
        self.netloc, self.home = urlsplit(address).netloc, urlsplit(address).path
        self.port = urlsplit(address).port

    def ask(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
            for name, value in ({"host": self.netloc} | headers).items():
                connection.putheader(name.replace("_", "-"), value.format(port=self.port))
            connection.endheaders()
            answer = connection.getresponse()
            upgraded = answer.status == 101
            return SimpleNamespace(
                status=answer.status,
                headers=answer.headers,
                text="" if upgraded else answer.read().decode(),
            )

    def get(self, path, **headers):
        return self.ask(self.home + path, **headers)

    def page(self):
        address = f"ws://{self.netloc}{self.home}ws"
        return connect(address, origin=f"http://{self.netloc}", compression=None)


@pytest.fixture(scope="module")
def client():
    sources = Sources({}, reference=True)
    pages = Pages(NoTraining, Facts(Verdicts(sources), True, ""), "zh")
    with running._served(pages, 0) as (address, _alive):
        yield Client(address)


def test_the_page_is_served_behind_its_token(client):
    answer = client.get("")
    assert answer.status == 200
    assert "GradeFlow" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/wrong/", "{home}x/", "/{home}", "/..{home}", "/other/static/app.js", "{bare}"]
)
def test_without_the_token_there_is_nothing(client, path):
    asked = path.format(home=client.home, bare=client.home.rstrip("/"))
    assert client.ask(asked).status == 404


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}", ""],
)
def test_a_name_that_somebody_points_here_is_refused(client, host):
    assert client.get("", host=host).status == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:{port}", "https://127.0.0.1:{port}", "null"]
)
def test_another_origin_is_refused(client, origin):
    assert client.get("", origin=origin).status == 403


def test_localhost_is_this_machine_too(client):
    answer = client.get("", host="localhost:{port}", origin="http://localhost:{port}")
    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("{home}ws", {}),
        ("{home}ws", {"origin": "http://evil.example"}),
        ("{home}ws", {"origin": "http://127.0.0.1:{port}", "host": "evil.example:{port}"}),
        ("/ws", {"origin": "http://127.0.0.1:{port}"}),
        ("/wrong/ws", {"origin": "http://127.0.0.1:{port}"}),
    ],
)
def test_a_web_socket_opens_for_the_page_alone(client, path, headers):
    assert client.ask(path.format(home=client.home), **UPGRADE, **headers).status == 403
    own = {"origin": "http://127.0.0.1:{port}"}
    assert client.get("ws", **UPGRADE, **own).status == 101


def test_a_page_is_told_how_the_functions_stand(client):
    with client.page() as page:
        told = json.loads(page.recv())
        assert told["kind"] == "functions"
        assert {each["name"] for each in told["list"]} >= {"forward", "backward"}


@pytest.mark.parametrize(
    "said",
    ["{", "[]", '{"do": "step"}', '{"do": ["set"]}', '{"do": "speed", "steps": 1e9}', "[" * 5000],
)
def test_whatever_a_page_says_the_server_stays(client, said):
    with client.page() as page:
        page.recv()
        page.send(said)
    assert client.get("").status == 200


def test_a_fifth_page_is_told_that_there_are_too_many(client):
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(client.page()).recv()
        fifth = stack.enter_context(client.page())
        with pytest.raises(ConnectionClosed) as closed:
            fifth.recv()
        assert closed.value.rcvd.code == 1013


def test_nothing_from_elsewhere_runs_on_the_page_or_frames_it(client):
    headers = client.get("").headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert f"ws://127.0.0.1:{client.port}" in policy["connect-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("name", sorted(STATIC))
def test_every_file_of_the_page_is_served_as_what_it_is(client, name):
    answer = client.get(f"static/{name}")
    assert answer.status == 200
    assert "charset" in answer.headers["content-type"] or name.endswith(".svg")


@pytest.mark.parametrize(
    "path",
    [
        "static/..%2fserver.py", "static/%2e%2e", "static/none.js", "texts/fr.json",
        "texts/..json", "task/01_neuron", "task/..%2f..", "other",
    ],
)  # fmt: skip
def test_nothing_else_of_the_disk_is_served(client, path):
    assert client.get(f"{path}").status == 404


@pytest.mark.parametrize("name", sorted(STATIC))
def test_the_page_asks_nothing_of_any_other_server(name):
    text = STATIC[name].decode()
    named = set(re.findall(r"(?:https?|wss?):?//[^\s\"'`)]+", text)) - {
        "http://www.w3.org/2000/svg"
    }
    assert not named


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_page_names_is_in_the_catalogues(client, language):
    served = json.loads(client.get(f"texts/{language}.json").text)["texts"]
    scripts = "".join(STATIC[name].decode() for name in STATIC if name.endswith((".js", ".html")))
    named = set(re.findall(r"""(?<!\w)text\("(\w+)"|data-(?:text|label|title)="(\w+)\"""", scripts))
    missing = {key for pair in named for key in pair if key} - served.keys()
    assert not missing
    assert served.keys() == {
        key.removeprefix("play.") for key in texts(language) if key.startswith("play.")
    }


def test_every_text_of_the_page_is_named_by_it():
    scripts = "".join(STATIC[name].decode() for name in STATIC if name.endswith((".js", ".html")))
    names = {key.removeprefix("play.") for key in texts("en") if key.startswith("play.")}
    # What is put together: set_xor, noise_says, status_right, activation_linear.
    made = re.compile(r"set_|status_|activation_|\w+_says$")
    assert not {name for name in names if not made.match(name) and f'"{name}"' not in scripts}


def test_the_page_begins_in_the_language_of_the_course(client):
    assert json.loads(client.get("options.json").text)["language"] == "zh"


def test_tokens_are_long_and_never_the_same():
    tokens = {new_token() for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32


def test_the_server_listens_on_this_machine_alone():
    with running._listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
