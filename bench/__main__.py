"""`make bench`: how long each page takes, as a ratio to a floor measured in the same run (medians of three).

The floor is the same server answering a signed-in page in the app's own base template with one indexed query and a
plain table of 25 rows. Sizes: 1,000, 10,000 and 100,000 audits (and 1,000,000 with BENCH_FULL=1), on SQLite and, where
PostgreSQL is installed, on a throwaway server. Writes bench/results.json.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy

from scripts.postgresql import find_tools, postgresql

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("BENCH_PORT") or 8765)
SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "1000,10000,100000").split(",")]
ONE_CLIENT, MANY_CLIENTS, EACH = 120, 8, 25


@dataclass
class Page:
    """A page to measure: who asks, where, and (for a save) what is sent."""

    name: str
    path: str
    person: str
    form: dict[str, str] | None = None
    changed: bool = False
    """Whether something happens before each look, so that nothing kept holds any more."""


class Client:
    """One browser with a kept connection."""

    def __init__(self, cookie: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", PORT)
        self.headers = {"Cookie": f"session={cookie}"}
        self.version = 0

    def ask(self, page: Page) -> tuple[float, int, int]:
        """Milliseconds, queries and bytes of one request.

        Raises:
            RuntimeError: the answer is not the page.
        """
        if page.changed:
            self.connection.request("POST", "/bench/change", headers=self.headers)
            self.connection.getresponse().read()
        if page.form is not None:
            body = urlencode(page.form | {"version": str(self.version)})
            extra = {"Content-Type": "application/x-www-form-urlencoded", "X-Autosave": "1"}
            began = time.perf_counter()
            self.connection.request("POST", page.path, body, self.headers | extra)
        else:
            began = time.perf_counter()
            self.connection.request("GET", page.path, headers=self.headers)
        response = self.connection.getresponse()
        content = response.read()
        taken = (time.perf_counter() - began) * 1000
        if response.status not in (200, 204):
            raise RuntimeError(f"{page.name} answered {response.status}: {content[:200]!r}")
        self.version = int(response.headers.get("X-Version") or self.version)
        return taken, int(response.headers["X-Queries"]), len(content)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(page: Page, cookies: dict[str, str]) -> dict[str, Any]:
    """Figures of one page: one client, then eight (a save stays with one, its version being one writer's)."""
    client = Client(cookies[page.person])
    if page.form is not None:
        client.version = int(page.form["version"])
    runs = []
    for _ in range(3):
        runs.append([client.ask(page) for _ in range(ONE_CLIENT)])
    if page.form is not None:
        page.form["version"] = str(client.version)
    times = [[t for t, _, _ in run] for run in runs]
    figures = {
        f"p{int(s * 100)}_ms": round(statistics.median(percentile(t, s) for t in times), 2) for s in (0.5, 0.95, 0.99)
    }
    figures |= {"queries": runs[-1][-1][1], "bytes": runs[-1][-1][2]}
    figures["rps_1"] = round(1000 / statistics.median(statistics.mean(t) for t in times))
    if page.form is None and not page.changed:
        began = time.perf_counter()
        with ThreadPoolExecutor(MANY_CLIENTS) as pool:
            many = [t for ts in pool.map(lambda _: _many(page, cookies), range(MANY_CLIENTS)) for t in ts]
        figures["rps_8"] = round(len(many) / (time.perf_counter() - began))
        figures["p99_8_ms"] = round(percentile(many, 0.99), 2)
    return figures


def _many(page: Page, cookies: dict[str, str]) -> list[float]:
    client = Client(cookies[page.person])
    return [client.ask(page)[0] for _ in range(EACH)]


def wait_until_up() -> None:
    """Until the server answers.

    Raises:
        RuntimeError: it does not within 90 seconds.
    """
    for _ in range(900):
        try:
            connection = HTTPConnection("127.0.0.1", PORT, timeout=1)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def run_on(database: str, url: str, size: int, folder: Path) -> list[dict[str, Any]]:
    """Seed a database, serve it, measure every page."""
    env = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": url, "DEMO": "1", "PORT": str(PORT)}
    seeded = subprocess.run(
        [sys.executable, "-m", "bench.prepare", str(size)], env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    told = json.loads(seeded.stdout.splitlines()[-1])
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "bench.serve"], env=env, cwd=ROOT, stderr=log)
    try:
        wait_until_up()
        pages = [Page(**page) for page in told["pages"]]
        for page in pages:
            Client(told["cookies"][page.person]).ask(page) if page.form is None else None
        results = [{"page": p.name, "database": database, "audits": size} | measure(p, told["cookies"]) for p in pages]
    finally:
        server.terminate()
        server.wait(20)
    floor = results[0]["p50_ms"]
    return [r | {"ratio_to_floor": round(r["p50_ms"] / floor, 2)} for r in results]


def fresh(url: str, folder: Path) -> str:
    """The address of an empty database."""
    if not url:
        return f"sqlite:///{folder / 'bench.sqlite'}"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS qa_bench WITH (FORCE)")
        connection.exec_driver_sql("CREATE DATABASE qa_bench")
    engine.dispose()
    return sqlalchemy.make_url(url).set(database="qa_bench").render_as_string(hide_password=False)


def main() -> None:
    """Run all, print a table, write results.json."""
    tools = find_tools()
    if tools is None:
        print("PostgreSQL is left out: it is not installed.")
        results = run_all({"sqlite": ""})
    else:
        with postgresql(tools) as url:
            results = run_all({"sqlite": "", "postgresql": url})
    (ROOT / "bench" / "results.json").write_text(json.dumps(results, indent=1) + "\n")


def run_all(databases: dict[str, str]) -> list[dict[str, Any]]:
    """Measure every size on every database."""
    results: list[dict[str, Any]] = []
    sizes = SIZES + ([1_000_000] if os.environ.get("BENCH_FULL") == "1" else [])
    for database, url in databases.items():
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                results += run_on(database, fresh(url, Path(folder)), size, Path(folder))
            show([r for r in results if r["database"] == database and r["audits"] == size], results)
    return results


def show(rows: list[dict[str, Any]], results: list[dict[str, Any]]) -> None:
    """Print one size's table; growth is against the size a tenth as large."""
    print(f"\n{rows[0]['database']}, {rows[0]['audits']:,} audits")
    print(
        f"{'page':34}{'ratio':>7}{'growth':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'req/s':>7}{'8: r/s':>8}{'8: p99':>8}{'queries':>9}{'kB':>7}"
    )
    for r in rows:
        before = [
            b["p50_ms"]
            for b in results
            if (b["page"], b["database"], b["audits"] * 10) == (r["page"], r["database"], r["audits"])
        ]
        growth = f"{r['p50_ms'] / before[0]:.2f}" if before else ""
        print(
            f"{r['page']:34}{r['ratio_to_floor']:7.2f}{growth:>8}{r['p50_ms']:8.2f}{r['p95_ms']:8.2f}{r['p99_ms']:8.2f}"
            f"{r['rps_1']:7}{r.get('rps_8', ''):>8}{r.get('p99_8_ms', ''):>8}{r['queries']:9}{r['bytes'] / 1000:7.1f}"
        )


if __name__ == "__main__":
    main()
