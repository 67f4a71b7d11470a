"""Small supports of the ground: the cache without Redis, seeding, encryption, catalogues, the guardian of processes."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import caches

from core import caches as own_caches
from core.domain import catalogues, crypto, seeding
from tests.faults.arena import is_alive

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def without_redis(settings, monkeypatch):
    """A cache whose Redis does not answer: nothing listens on port 1."""
    monkeypatch.setattr(own_caches.RedisOrDatabaseCache, "_resting_until", 0.0)
    return own_caches.RedisOrDatabaseCache("redis://127.0.0.1:1/0", {})


def test_limits_still_count_while_redis_is_away(without_redis):
    assert without_redis.add("tries", 0)
    assert not without_redis.add("tries", 0)
    assert [without_redis.incr("tries") for _try in range(3)] == [1, 2, 3]
    assert without_redis.get("tries") == 3
    assert caches["database"].get("tries") == 3  # where every other process sees it too
    without_redis.set_many({"a": 1, "b": 2})
    assert without_redis.get_many(["a", "b"]) == {"a": 1, "b": 2}
    without_redis.delete("tries")
    assert without_redis.get("tries", "gone") == "gone"


def test_redis_that_is_away_is_left_alone_for_a_while(without_redis):
    without_redis.get("x")
    assert type(without_redis)._resting_until > time.monotonic() + own_caches.PAUSE_SECONDS - 5


@pytest.mark.django_db
def test_seeds_run_in_order_and_once_each(monkeypatch):
    monkeypatch.setattr(seeding, "_seeds", [])
    ran = []

    def late():
        ran.append("late")

    def early():
        ran.append("early")

    for _twice in range(2):
        seeding.register(50, late)
        seeding.register(0, early)
    assert len(seeding.seed_reference()) == 2
    assert ran == ["early", "late"]


def test_notes_are_unreadable_without_their_key_and_survive_a_change_of_keys(settings):
    token = crypto.encrypt("catatan pribadi 📝")
    assert "catatan" not in token and crypto.encrypt("catatan pribadi 📝") != token
    old, new = settings.BINA_NOTES_KEYS[0], crypto.new_key()
    settings.BINA_NOTES_KEYS = [new, old]
    assert crypto.decrypt(token) == "catatan pribadi 📝"
    renewed = crypto.renewed(token)
    assert crypto.renewed(renewed) == renewed
    settings.BINA_NOTES_KEYS = [new]
    assert crypto.decrypt(renewed) == "catatan pribadi 📝"
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token)
    assert crypto.encrypt("") == crypto.decrypt("") == ""


@pytest.mark.parametrize(
    ("entry", "kinds"),
    [
        ('msgid "a"\nmsgstr "b"', []), ('msgid "a"\nmsgstr ""', ["untranslated"]), ('#, fuzzy\nmsgid "a"\nmsgstr "b"', ["fuzzy"]),
        ('msgid "%(n)s a"\nmsgstr "b"', ["placeholders"]), ('msgid "%(n)s a"\nmsgid_plural "%(n)s as"\nmsgstr[0] "%(n)s b"', []),
        ('msgid "a"\nmsgid_plural "as"\nmsgstr[0] ""', ["untranslated"]), ('#~ msgid "a"\n#~ msgstr ""', []),
    ],
)
def test_what_a_catalogue_lacks_is_found(tmp_path, entry, kinds):
    path = tmp_path / "django.po"
    path.write_text(f'msgid ""\nmsgstr ""\n"Language: id\\n"\n\n{entry}\n')
    assert [fault.kind for fault in catalogues.faults(path)] == kinds


def test_the_guardian_leaves_no_process_behind_and_passes_the_exit_code(tmp_path):
    code = f"setsid sleep 300 & echo $! > {tmp_path}/pid; exit 7"
    done = subprocess.run([sys.executable, "script/tidy", "bash", "-c", code], cwd=ROOT, timeout=60)
    assert done.returncode == 7
    assert not is_alive(int((tmp_path / "pid").read_text()))
