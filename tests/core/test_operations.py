"""What operators rely on: the table of variables, the checks of production, health in sentences, backups that can be restored."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core.domain import backup, crypto, health, operators
from core.domain.errors import RuleViolation
from core.models import AuditEvent, Job, JobState
from lms import environment

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_variables_and_the_settings_agree():
    import lms.gunicorn
    import lms.settings  # noqa: F401

    environment.flag("BINA_PRODUCTION")
    environment.text("BINA_DEMO_PASSWORD")
    table = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))
    assert lms.gunicorn.threads
    assert table == set(environment.READ), table ^ set(environment.READ)


def settings_of(tmp_path, code, **variables):
    """What the settings say in a process of its own with these variables only."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    more = {"BINA_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lms.settings", **variables}
    code = f"from django.conf import settings; import json; print(json.dumps({code}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**kept, **more}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_installation_makes_its_own_secrets_once(tmp_path):
    code = "[settings.SECRET_KEY, settings.BINA_HASH_KEY, settings.BINA_NOTES_KEYS]"
    first = settings_of(tmp_path, code)
    assert len(first[0]) > 50
    assert settings_of(tmp_path, code) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_servers_are_chosen_by_variables_only(tmp_path):
    code = "[settings.DATABASES['default']['HOST'], settings.DATABASES['default']['CONN_MAX_AGE'], settings.CELERY_BROKER_URL, "
    code += "settings.CACHES['default']['BACKEND'], settings.STORAGES['default']['BACKEND'], settings.SESSION_COOKIE_NAME, settings.EMAIL_BACKEND]"
    found = settings_of(tmp_path, code, BINA_PRODUCTION="1", BINA_BASE_URL="https://bina.example", BINA_SECRET_KEY="x" * 60, BINA_HASH_KEY="h",
                        BINA_NOTES_KEYS="n", DATABASE_URL="postgresql://u:p%40ss@db.example:5433/bina", REDIS_URL="redis://r:6379/0",
                        S3_BUCKET="bina", EMAIL_HOST="mail.example")
    assert found == ["db.example", None, "redis://r:6379/0", "core.caches.RedisOrDatabaseCache", "storages.backends.s3.S3Storage", "__Host-bina",
                     "django.core.mail.backends.smtp.EmailBackend"]


def messages(settings, tags=("security",), **values):
    for name, value in {"PRODUCTION": True, **values}.items():
        setattr(settings, name, value)
    found = run_checks(tags=list(tags), include_deployment_checks=True, databases=["default"])
    return {message.id for message in found if message.id.startswith("bina.")}


def test_production_without_its_secrets_https_or_kept_connections_is_refused(settings):
    found = messages(settings, SECRET_KEY="x" * 60, BINA_HASH_KEY="", BASE_URL="http://x", EMAIL_HOST="",
                     DATABASES={"default": {"CONN_MAX_AGE": 0}})
    assert found == {"bina.E001", "bina.E002", "bina.E003", "bina.W001"}


@pytest.mark.django_db
def test_demo_accounts_cannot_exist_in_production(settings, django_user_model):
    assert messages(settings, tags=["database"]) == set()
    django_user_model.objects.create_user("198609262015051001", name="Sari", is_demo=True)
    assert messages(settings, tags=["database"]) == {"bina.E004"}
    settings.PRODUCTION = False
    assert messages(settings, tags=["database"], PRODUCTION=False) == set()


# --- health -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def operator(client, django_user_model, monkeypatch):
    monkeypatch.setattr(operators, "_questions", [lambda user: user.nip == "admin"])
    account = django_user_model.objects.create_user("admin", name="Admin")
    client.force_login(account)
    return account


@pytest.mark.django_db
def test_liveness_is_public_and_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/sehat/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_the_health_page_is_for_operators_only(client, django_user_model, operator):
    assert client.get("/operator/kesehatan/").status_code == 200
    client.force_login(django_user_model.objects.create_user("198609262015051001", name="Sari"))
    job = Job.objects.create(kind="x", key="x", run_after=timezone.now(), state=JobState.DEAD)
    assert client.get("/operator/kesehatan/").status_code == 404
    assert client.post(f"/operator/pekerjaan/{job.pk}/").status_code == 404
    client.logout()
    assert client.get("/operator/kesehatan/").status_code == 302


@pytest.mark.django_db
def test_dead_work_is_shown_and_decided_on(client, operator):
    jobs = [
        Job.objects.create(kind="test.unknown", key=str(number), run_after=timezone.now(), state=JobState.DEAD, finished_at=timezone.now(),
                           last_error=f"ValueError: alasan {number} <b>", attempts=8)
        for number in range(2)
    ]
    page = client.get("/operator/kesehatan/").content.decode()
    assert "alasan 0 &lt;b&gt;" in page and "alasan 1" in page
    client.post(f"/operator/pekerjaan/{jobs[0].pk}/", {"decision": "retry"})
    client.post(f"/operator/pekerjaan/{jobs[1].pk}/", {"decision": "dismiss"})
    assert [Job.objects.get(pk=job.pk).state for job in jobs] == [JobState.WAITING, JobState.DISMISSED]
    assert AuditEvent.objects.filter(actor_id=operator.pk).count() == 2
    assert client.post(f"/operator/pekerjaan/{jobs[1].pk}/").status_code == 404


@pytest.mark.django_db
def test_health_says_in_words_what_is_wrong_and_what_to_do(settings, tmp_path):
    settings.BINA_BACKUP_DIR = str(tmp_path)
    by_name = {finding.name: finding for finding in health.findings()}
    assert len(by_name) >= 9 and all(finding.words for finding in by_name.values())
    Job.objects.create(kind="x", key="late", run_after=timezone.now() - timedelta(minutes=6))
    Job.objects.create(kind="x", key="dead", run_after=timezone.now(), state=JobState.DEAD)
    assert not health.queue().is_good and health.queue().advice
    assert not health.dead_jobs().is_good and health.dead_jobs().advice
    AuditEvent.objects.create(at=timezone.now() - timedelta(minutes=6), verb="x", object_kind="x")
    assert not health.trail().is_good


# --- keys ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_key_replaces_the_old_one_everywhere(settings, capsys, django_user_model):
    """The procedure of docs/operations.md: put the new key before the old, write everything anew, take the old one out."""
    from allauth.mfa.models import Authenticator

    from improvement.models import Counselling

    sari, lia = (django_user_model.objects.create_user(f"19860926201505100{n}", name="Sari") for n in (1, 2))
    notes, now = crypto.encrypt("catatan"), timezone.now()
    counselling = Counselling.objects.create(person=sari, counsellor=lia, scheduled_at=now, created_at=now, notes_encrypted=notes)
    app = Authenticator.objects.create(user=sari, type="totp", data={"secret": crypto.encrypt("rahasia")})
    codes = Authenticator.objects.create(user=sari, type="recovery_codes", data={"seed": crypto.encrypt("benih"), "used_mask": 5})
    old, new = settings.BINA_NOTES_KEYS[0], crypto.new_key()
    settings.BINA_NOTES_KEYS = [new, old]
    call_command("renew_keys")
    assert capsys.readouterr().out.strip() == "3 renewed, 0 current, 0 unreadable"
    call_command("renew_keys")
    assert capsys.readouterr().out.strip() == "0 renewed, 3 current, 0 unreadable"
    settings.BINA_NOTES_KEYS = [new]
    for row in (app, codes):
        row.refresh_from_db()
    kept = Counselling.objects.get(pk=counselling.pk).notes_encrypted, app.data["secret"], codes.data["seed"]
    assert [crypto.decrypt(token) for token in kept] == ["catatan", "rahasia", "benih"] and codes.data["used_mask"] == 5
    settings.BINA_NOTES_KEYS = [crypto.new_key()]
    with pytest.raises(CommandError):
        call_command("renew_keys")


# --- script/server -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", [None, "", "terlalu-pdk"])
def test_showing_it_to_others_needs_a_password_and_says_so(tmp_path, password):
    kept = {"PATH": os.environ["PATH"], "BINA_DATA_DIR": str(tmp_path), **({"BINA_DEMO_PASSWORD": password} if password is not None else {})}
    done = subprocess.run(["script/server", "--host", "0.0.0.0"], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "set BINA_DEMO_PASSWORD" in done.stderr and "unbound" not in done.stderr
    assert not list(tmp_path.iterdir())


# --- backup -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_whole_can_be_checked_and_holds_the_rows(tmp_path, settings):
    Job.objects.create(kind="kept", key="kept", run_after=timezone.now())
    (Path(settings.MEDIA_ROOT) / "sertifikat.pdf").write_bytes(b"%PDF")
    made = backup.make(folder=tmp_path)
    assert backup.check(made.path) == []
    assert {"done.json", "media.tar.gz"} < {file.name for file in made.path.iterdir()}
    if connection.vendor == "sqlite":
        with sqlite3.connect(made.path / "bina.sqlite3") as copy:
            assert copy.execute("SELECT kind FROM core_job").fetchall() == [("kept",)]
        damaged = made.path / "bina.sqlite3"
    else:
        damaged = made.path / "bina.dump"
        assert damaged.stat().st_size > 10_000
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with pytest.raises(CommandError, match=damaged.name):
        call_command("backup", "--check", str(made.path))


def two_counters(path: Path) -> sqlite3.Connection:
    """A database of about 20 MB in WAL mode with two counters that every commit raises together."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    book.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE counter (name, n); CREATE TABLE ballast (body);")
    book.execute("INSERT INTO counter VALUES ('left', 0), ('right', 0)")
    book.executemany("INSERT INTO ballast VALUES (?)", [(bytes(100_000),)] * 200)
    return book


def test_a_backup_ends_and_is_of_one_moment_while_others_write(tmp_path):
    book, stop, commits = two_counters(tmp_path / "bina.sqlite3"), threading.Event(), 0

    def write():
        nonlocal commits
        while commits < 3_000 and not stop.wait(0.002):
            book.execute("BEGIN IMMEDIATE")
            for name in ("left", "right"):
                book.execute("UPDATE counter SET n = n + 1 WHERE name = ?", [name])
            book.execute("COMMIT")
            commits += 1

    writer = threading.Thread(target=write)
    writer.start()
    (tmp_path / "copy").mkdir()
    backup.copy_sqlite(tmp_path / "bina.sqlite3", tmp_path / "copy")
    stop.set()
    writer.join(60)
    assert commits < 3_000, "the backup waited until nobody wrote any more"
    with sqlite3.connect(tmp_path / "copy" / "bina.sqlite3") as copy:
        left, right = (n for (n,) in copy.execute("SELECT n FROM counter ORDER BY name"))
    assert left == right <= commits


def test_a_folder_may_be_called_anything(tmp_path):
    odd = tmp_path / "dinas?no#1 100%41"
    two_counters(odd / "bina.sqlite3").close()
    (tmp_path / "copy").mkdir()
    assert backup.copy_sqlite(odd / "bina.sqlite3", tmp_path / "copy") == "bina.sqlite3"


@pytest.mark.django_db(transaction=True)
def test_backups_of_a_clock_that_was_ahead_push_no_new_one_out_and_hide_no_missing_one(settings, tmp_path, monkeypatch):
    settings.BINA_BACKUP_DIR = str(tmp_path)
    monkeypatch.setattr(backup, "KEEP", 2)
    ahead = timezone.now() + timedelta(days=400)
    with time_machine.travel(ahead, tick=False):
        early = backup.make(with_media=False)
    assert backup.listing() == []
    nights = [backup.make(with_media=False).path for _night in range(3)]
    assert [kept.path for kept in backup.listing()] == nights[:0:-1] and early.path.exists()
    assert health.last_backup().is_good
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert not health.last_backup().is_good, "the one from the future is no backup of last night"
    with time_machine.travel(ahead + timedelta(days=1), tick=False):
        assert backup.listing()[0].path == early.path


@pytest.mark.django_db(transaction=True)
def test_the_newest_backups_are_kept_and_a_failed_one_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "KEEP", 2)
    for _night in range(3):
        backup.make(folder=tmp_path, with_media=False)
    assert len(backup.listing(tmp_path)) == 2
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(RuleViolation):
        backup.make(folder=blocked)
    assert not list(tmp_path.glob(".bina-*"))
