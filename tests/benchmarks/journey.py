"""By hand: ``python -m tests.benchmarks.journey [--users N] [--concurrency N] [--seconds N] [--database-url URL]``: learners at the real web server.

Each user signs in with NIP and password, opens home and course, finishes the last lesson, takes the final quiz of ten questions (one request
an answer, as ``static/js/quiz.js`` sends them), hands in and sees the result. Aims on PostgreSQL: <= 180 ms CPU, <= 60 KB of HTML and <= 21
requests a journey. Prints figures as JSON.

The server is gunicorn as ``manage.py serve`` starts it, with two workers and collected static files, as plain http on loopback. Requests are
those for pages and answers, redirects counted one by one; a browser keeps the static files. HTML is counted in bytes as sent (brotli),
without headers. CPU is what gunicorn and its workers used; PostgreSQL's own processes are listed apart when they run on this machine.
No job is worked on meanwhile (no certificate is drawn). The database is SQLite in a temporary folder, or a new one on the server of
``--database-url`` (whose user must be allowed to make databases); both are gone afterwards, like every process started here.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import httpx

from core.processes import child_setup

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS, LESSONS, WORKERS = 10, 3, 2
MOST_USERS, MOST_AT_ONCE = 1000, 32
START_SECONDS = 60
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Exchange:
    step: str
    status: int
    html: int
    seconds: float


@dataclass
class Visitor:
    """One learner's browser: cookies, and everything it asked for."""

    client: httpx.Client
    exchanges: list[Exchange] = field(default_factory=list)
    problem: str = ""
    seconds: float = 0.0

    def ask(self, step: str, method: str, url: str, *, expect: int = 200, **more) -> httpx.Response:
        last = self.client.request(method, url, **more)
        for answer in (*last.history, last):
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            size = answer.num_bytes_downloaded if is_html else 0
            self.exchanges.append(Exchange(step, answer.status_code, size, answer.elapsed.total_seconds()))
        if last.status_code != expect:
            raise AssertionError(f"{step}: {method} {last.url} answered {last.status_code}, not {expect}")
        return last


def main(options: argparse.Namespace) -> dict:
    with tempfile.TemporaryDirectory(prefix="bina-bench-") as folder, _database(options.database_url, Path(folder)) as url:
        port = _free_port()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lms.settings", "DATABASE_URL": url, "BINA_DATA_DIR": folder, "BINA_WEB_WORKERS": str(WORKERS),
            "BINA_BASE_URL": f"http://127.0.0.1:{port}", "BINA_BIND": f"127.0.0.1:{port}", "BINA_STATEMENT_TIMEOUT_MS": "30000",
        }
        for name in ("BINA_PRODUCTION", "BINA_DEBUG", "BINA_DEMO", "REDIS_URL", "S3_BUCKET", "BINA_TRUSTED_PROXIES"):
            os.environ.pop(name, None)
        collect = [sys.executable, "-W", "ignore", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=ROOT, check=True, timeout=180)
        warm = WORKERS * options.concurrency
        nips, slug, password = _fill(options.users + warm)
        try:
            with _server(Path(folder)) as master:
                base = os.environ["BINA_BASE_URL"]
                _wait_for(base, master)
                _play(nips[:warm], options, base, slug, password)  # templates, connections and caches of both workers
                return {"database": "postgresql" if url else "sqlite", **_measure(nips[warm:], options, base, slug, password, master)}
        finally:
            from django.db import connections

            connections.close_all()


def _measure(nips: list[str], options, base: str, slug: str, password: str, master: subprocess.Popen) -> dict:
    server, database, own, began = _server_cpu(master.pid), _postgres_cpu(), time.process_time(), time.perf_counter()
    visitors = _play(nips, options, base, slug, password)
    seconds, own = time.perf_counter() - began, time.process_time() - own
    server, database = _difference(server, _server_cpu(master.pid)), _difference(database, _postgres_cpu())
    good = [one for one in visitors if not one.problem]
    count = max(len(good), 1)
    exchanges = [exchange for one in good for exchange in one.exchanges]
    return {
        "users": len(visitors), "concurrency": options.concurrency, "workers": WORKERS, "seconds": round(seconds, 1),
        "journeys_a_minute": round(len(good) / seconds * 60),
        "cpu_ms": round(server * 1000 / max(len(visitors), 1)),
        "postgres_cpu_ms": round(database * 1000 / max(len(visitors), 1)),
        "player_cpu_ms": round(own * 1000 / max(len(visitors), 1)),
        "journey_ms": round(statistics.median([one.seconds for one in good]) * 1000) if good else None,
        "requests": round(len(exchanges) / count, 1),
        "html_bytes": round(sum(exchange.html for exchange in exchanges) / count),
        "errors": len(visitors) - len(good), "problems": sorted({one.problem for one in visitors if one.problem})[:5],
        "not_played": len(nips) - len(visitors),
        "steps": _steps(exchanges, count),
    }


def _steps(exchanges: list[Exchange], count: int) -> dict[str, dict]:
    """For each step of a journey: requests, bytes and the median time of one request."""
    found: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        found.setdefault(exchange.step, []).append(exchange)
    return {
        step: {
            "requests": round(len(rows) / count, 1), "html_bytes": round(sum(row.html for row in rows) / count),
            "ms": round(statistics.median(row.seconds for row in rows) * 1000, 1),
        }
        for step, rows in found.items()
    }


# --- the journey --------------------------------------------------------------------------------------------------------------------------


def _play(nips: list[str], options, base: str, slug: str, password: str) -> list[Visitor]:
    """Every journey that could begin before the time was over."""
    ends = time.monotonic() + options.seconds

    def one(nip: str) -> Visitor | None:
        return _journey(nip, base, slug, password) if time.monotonic() < ends else None

    with ThreadPoolExecutor(options.concurrency) as pool:
        return [visitor for visitor in pool.map(one, nips) if visitor is not None]


def _journey(nip: str, base: str, slug: str, password: str) -> Visitor:
    headers, began = {"Accept-Encoding": "br, gzip", "Accept-Language": "id"}, time.perf_counter()
    with httpx.Client(base_url=base, headers=headers, timeout=30, trust_env=False, follow_redirects=True, max_redirects=4) as client:
        visitor = Visitor(client)
        try:
            _walk(visitor, nip, slug, password)
        except (httpx.HTTPError, AssertionError) as problem:
            visitor.problem = str(problem) or type(problem).__name__
    visitor.seconds = time.perf_counter() - began
    return visitor


def _walk(visitor: Visitor, nip: str, slug: str, password: str) -> None:
    ask, course = visitor.ask, f"/pelatihan/{slug}/"
    page = ask("sign-in page", "GET", "/akun/masuk/")
    page = ask("sign in, home", "POST", "/akun/masuk/", data={**_token(page), "login": nip, "password": password})
    _expect(page, "/beranda/")
    ask("course", "GET", course)
    page = ask("lesson", "GET", f"{course}materi/{LESSONS}/")
    page = ask("finish lesson, quiz entry", "POST", f"{course}materi/{LESSONS}/", data={**_token(page), "step": "finish"})
    _expect(page, f"{course}kuis/post/")
    page = ask("begin quiz, first question", "POST", f"{course}kuis/post/", data=_token(page))
    _expect(page, "/soal/1/")
    quiz, revision = page.url.path.removesuffix("soal/1/"), int(_find(r'data-now="(\d+)"', page))
    sheet = ask("sheet of questions", "GET", f"{quiz}soal/").text.split("<section data-n=")[1:]
    if len(sheet) != QUESTIONS:
        raise AssertionError(f"the sheet has {len(sheet)} questions, not {QUESTIONS}")
    for n, asked in enumerate(sheet, 1):
        body = {**_token(page), "revisi": str(revision + n), "pilihan": _right(asked)}
        ask("answers", "POST", f"{quiz}soal/{n}/", data=body, headers={"X-Requested-With": "fetch"}, expect=204)
    page = ask("review", "GET", f"{quiz}tinjau/")
    page = ask("hand in, result", "POST", f"{quiz}kirim/", data=_token(page))
    _expect(page, f"{quiz}hasil/")


def _token(page: httpx.Response) -> dict[str, str]:
    return {"csrfmiddlewaretoken": _find(TOKEN, page)}


def _find(pattern: str | re.Pattern, page: httpx.Response) -> str:
    if not (found := re.search(pattern, page.text)):
        raise AssertionError(f"{page.url.path} has no {pattern}")
    return found[1]


def _right(asked: str) -> str:
    """The option that ``tests.factories.assessments.make_question`` made the right one: its text ends with "-0"."""
    for option in asked.split("<label")[1:]:
        if re.search(r"Pilihan \d+-0\b", option):
            return re.search(r'value="([^"]+)"', option)[1]  # type: ignore[index]
    raise AssertionError("a question without its right option")


def _expect(page: httpx.Response, end: str) -> None:
    if not page.url.path.endswith(end):
        raise AssertionError(f"arrived at {page.url.path}, not at {end}")


# --- what it needs ------------------------------------------------------------------------------------------------------------------------


def _fill(count: int) -> tuple[list[str], str, str]:
    """NIPs of so many learners of one unit, enrolled, all lessons but the last finished; the course's address; their password."""
    import django

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from core.domain.seeding import seed_reference
    from tests.factories.courses import enrolled, published_course, read_lessons
    from tests.factories.people import PASSWORD, AccountFactory, OrgUnitFactory, PlacementFactory, PositionFactory

    call_command("migrate", verbosity=0)
    seed_reference()
    course = published_course(lessons=LESSONS, questions=QUESTIONS, blocks=_blocks)
    unit, position, superior, hashed = OrgUnitFactory(), PositionFactory(), AccountFactory(name="Budi"), make_password(PASSWORD)
    learners = [AccountFactory() for _number in range(count)]
    type(superior).objects.filter(pk__in=[one.pk for one in learners]).update(password=hashed)
    for one in learners:
        PlacementFactory(person=one, unit=unit, position=position, superior=superior)
        read_lessons(enrolled(one, course), LESSONS - 1)
    return [one.nip for one in learners], course.slug, PASSWORD


def _blocks(number: int) -> list[dict]:
    """A lesson of ordinary length without a check question."""
    text = "Warga di loket sudah menunggu. Ia ingin tahu satu hal: apakah berkasnya lengkap, dan bila belum, apa yang masih kurang. "
    return [
        {"type": "text", "html": f"<h2>Inti materi {number}.{part}</h2><p>{text * 3}</p><p>{text * 2}</p>"} for part in range(1, 4)
    ] + [{"type": "steps", "title": "Dua langkah", "items": ["<b>Sapa.</b> Tanya keperluan.", "<b>Susun berkas.</b> Yang kurang akan terlihat."]}]


@contextmanager
def _database(given: str, folder: Path) -> Iterator[str]:
    """A database of its own beside the given one, dropped afterwards; SQLite where none is given."""
    if not given:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name, parts = f"bina_journey_{os.getpid()}", urlparse(given)
    with psycopg.connect(given, autocommit=True, connect_timeout=5) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _server(folder: Path) -> Iterator[subprocess.Popen]:
    """The web child of ``manage.py serve``; the kernel ends it when this process ends, whatever the way."""
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "--config", "lms/gunicorn.py", "lms.wsgi"]
    with open(folder / "web.log", "w") as log:
        master = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=child_setup(), process_group=0
        )
    try:
        yield master
    finally:
        master.terminate()
        try:
            master.wait(25)
        except subprocess.TimeoutExpired:
            os.killpg(master.pid, signal.SIGKILL)
            master.wait()


def _wait_for(base: str, master: subprocess.Popen) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and master.poll() is None:
        try:
            if httpx.get(f"{base}/sehat/", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    log = Path(os.environ["BINA_DATA_DIR"], "web.log").read_text()
    raise SystemExit(f"The web server did not start within {START_SECONDS} s:\n{log[-2000:]}")


# --- processor time -----------------------------------------------------------------------------------------------------------------------


def _server_cpu(master: int) -> dict[int, float]:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return _cpu([master, *map(int, children)])


def _postgres_cpu() -> dict[int, float]:
    """The database's processes that serve this benchmark, where they run on this machine; otherwise nothing."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.settings_dict["HOST"] not in ("", "localhost", "127.0.0.1", "::1"):
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return _cpu([pid for (pid,) in cursor.fetchall()])


def _cpu(pids: list[int]) -> dict[int, float]:
    """Seconds (user and system) that each process has used so far."""
    used = {}
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        used[pid] = (int(fields[11]) + int(fields[12])) / TICK
    return used


def _difference(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(value - before.get(pid, 0.0) for pid, value in after.items())


def _options() -> argparse.Namespace:
    def between(least: int, most: int):
        def read(text: str) -> int:
            if not least <= int(text) <= most:
                raise argparse.ArgumentTypeError(f"from {least} to {most}")
            return int(text)

        return read

    parser = argparse.ArgumentParser(description="Learners' journeys at the real web server.")
    parser.add_argument("--users", type=between(1, MOST_USERS), default=20)
    parser.add_argument("--concurrency", type=between(1, MOST_AT_ONCE), default=4)
    parser.add_argument("--seconds", type=between(1, 900), default=300, help="No journey begins later than this.")
    parser.add_argument("--database-url", default="", help="A PostgreSQL server, with a database that exists there.")
    return parser.parse_args()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # folder and database are removed then too
    print(json.dumps(main(_options()), indent=1))
