"""The real web server on a database, and browsers that talk to it over a socket."""

import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from qa_app.core.database import transaction
from qa_app.signin.sessions import start_session
from tests.conftest import NOW
from tests.faults.stores import Store

LIMIT = 60


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    text: str


class Browser:
    """Keeps its cookie, as one tab after another would; each request has a connection of its own."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """One request. Raises OSError or HTTPException where the server went away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        headers |= {"Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()
        kept = answer.headers.get("Set-Cookie", "")
        if kept.startswith("session=") and method == "GET":
            self.cookie = kept.split(";")[0]
        return answer

    def form(self, path: str, action: str) -> list[tuple[str, str]]:
        """The fields of the form that a page sends to `action`, as they stand."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        for form in BeautifulSoup(answer.text, "html.parser").find_all("form", method="post"):
            if str(form["action"] or path).split("?")[0] == action:
                return [(str(i["name"]), str(i.get("value", ""))) for i in form.find_all("input") if i.get("name")]
        raise AssertionError(f"{path} has no form for {action}")

    def press(self, path: str, fields: Sequence[tuple[str, str]], times: int) -> list[Answer]:
        """Send the same form several times at the same moment."""
        barrier, body = Barrier(times), urlencode(fields)

        def send() -> Answer:
            barrier.wait(LIMIT)
            return self.ask("POST", path, body)

        with ThreadPoolExecutor(times) as pool:
            return [sent.result(LIMIT) for sent in [pool.submit(send) for _ in range(times)]]


class Server:
    """`qa-app serve`, with the tests' clock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        workers = "1" if store.url.startswith("sqlite") else "2"
        self.process = store.command("serve", "--port", str(self.port), "--workers", workers, name="serve").start()

    def browser(self, person_id: int) -> Browser:
        """A browser in which the person is signed in."""
        app = self.store.app
        with self.store.session(), transaction():
            token = start_session(person_id, NOW)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return Browser(self.port, f"session={signer.dumps({'_user_id': token, '_fresh': True})}")

    def workers(self) -> list[int]:
        """The process ids of the web workers."""
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_workers(self) -> None:
        """SIGKILL to each of them; the server makes new ones."""
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + LIMIT
        while time.monotonic() < until:
            try:
                if Browser(self.port, "").ask("GET", "/health").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.store.command(name='serve').output()}")

    def stop(self) -> None:
        """SIGTERM, as systemd does."""
        self.process.terminate()
        self.process.join(LIMIT)
        assert self.process.exitcode == 0, self.process.exitcode


@contextmanager
def served(store: Store) -> Iterator[Server]:
    """The server on a store while this lasts."""
    server = Server(store)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
