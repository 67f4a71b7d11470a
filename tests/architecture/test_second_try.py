"""``script/test`` gives a second try to tests with a browser and to nothing else, and does not take "no tests" for success."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def outcome(tmp_path, *, first: tuple[int, str], again: tuple[int, str] = (0, ""), arguments: str = "") -> bool:
    """What ``run_pytest`` says when pytest ends as given, at first and at the second try."""
    program = f"""
        set -euo pipefail
        . script/common.sh
        . script/run_pytest.sh
        work={tmp_path} arguments=({arguments}) closing=()
        python() {{
          case "$*" in
            *--last-failed*) echo "{again[1]}"; return {again[0]} ;;
            *) echo "{first[1]}"; return {first[0]} ;;
          esac
        }}
        run_pytest SQLite -m "not arena"
    """
    return subprocess.run(["bash", "-c", program], cwd=ROOT, capture_output=True, timeout=60).returncode == 0


PASSED = (0, "800 passed in 60.00s")


def test_what_passed_has_passed(tmp_path):
    assert outcome(tmp_path, first=PASSED)


@pytest.mark.parametrize(
    ("again", "is_good"),
    [
        ((0, "2 passed, 9 deselected in 3.00s"), True),  # both were tests with a browser
        ((0, "1 passed, 9 deselected in 3.00s"), False),  # the other was none, and stays failed
        ((5, "9 deselected in 3.00s"), False),  # none of them was
        ((1, "1 failed, 1 passed in 3.00s"), False),
    ],
)
def test_only_browser_tests_are_tried_again(tmp_path, again, is_good):
    assert outcome(tmp_path, first=(1, "1 failed, 798 passed, 1 error in 60.00s"), again=again) is is_good


def test_many_failures_are_no_crowd(tmp_path):
    assert not outcome(tmp_path, first=(1, "6 failed, 794 passed in 60.00s"), again=(0, "6 passed in 3.00s"))


def test_a_broken_run_is_not_tried_again(tmp_path):
    assert not outcome(tmp_path, first=(2, "1 error in 1.00s"), again=(0, "1 passed in 3.00s"))


def test_no_tests_are_good_only_when_some_were_chosen(tmp_path):
    nothing = (5, "no tests ran in 0.10s")
    assert not outcome(tmp_path, first=nothing)
    assert outcome(tmp_path, first=nothing, arguments="tests/people")
