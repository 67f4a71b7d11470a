"""The six courses of the demo, made from ``courses/*.toml`` through the functions that a trainer's screens call."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessments.domain import bank, quizzes
from assessments.enums import QuizKind
from assessments.models import Objective
from courses.domain import authoring, releases, shelves
from courses.models import CataloguePage, CoursePage
from people.models import Account
from performance.models import Indicator

FOLDER = Path(__file__).resolve().parent / "courses"
#: What is not content but a choice of this demo agency: the certificate of digital safety is renewed, C6 waits for HR's batch.
CERTIFICATE_MONTHS = {"C4": 6}


@dataclass(frozen=True)
class Written:
    code: str
    page: CoursePage


def read_courses() -> list[dict]:
    return [tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))]


def make_indicators(data: list[dict]) -> dict[str, Indicator]:
    """Every indicator that a course names, by its name."""
    found = {}
    for row in (row for course in data for row in course["indicators"]):
        found[row["name"]], _created = Indicator.objects.get_or_create(
            name=row["name"], aspect=row["aspect"], unit_of_measure=row["unit"], defaults={"direction": row["direction"]},
        )
    return found


def write_courses(data: list[dict], indicators: dict[str, Indicator], *, by: Account, at: datetime) -> dict[str, CoursePage]:
    shelf = shelves.default_shelf()
    return {course["code"]: _write(course, shelf, indicators, by=by, at=at) for course in data}


def _write(data: dict, shelf: CataloguePage, indicators: dict[str, Indicator], *, by: Account, at: datetime) -> CoursePage:
    objectives = {row["code"]: _objective(row) for row in data["objectives"]}
    questions = [
        bank.create_question(
            shelf.collection, type=row["type"], stem=row["stem"], explanation=row["explanation"], objective=objectives[row["objective"]],
            topic=row["topic"], difficulty=row["difficulty"], by=by, at=at,
            options=[{"text": text, "is_correct": place in row["correct"]} for place, text in enumerate(row["options"])],
        )
        for row in data["questions"]
    ]
    post, pre = _quizzes(data, questions, shelf, by=by, at=at)
    course = authoring.add_course(
        shelf, title=data["title"], slug=data["slug"], summary=data["summary"], why=data["why"], level=data["level"], by=by, trainer=by,
        learning_minutes=data["jp"] * 45, pass_mark=data["quiz"]["pass_mark"], post_quiz=post, pre_quiz=pre,
        certificate_months=CERTIFICATE_MONTHS.get(data["code"]),
        objectives=[(row["text"], objectives[row["code"]]) for row in data["objectives"]],
        indicators=[(indicators[row["name"]], row["level"]) for row in data["indicators"]],
    )
    for module in data["modules"]:
        page = authoring.add_module(course, module["title"], by=by)
        for lesson in module["lessons"]:
            authoring.add_lesson(page, lesson["title"], lesson["blocks"], minutes=lesson["minutes"], by=by)
    releases.publish_release(course, by=by, at=at)
    return CoursePage.objects.select_related("current_release").get(pk=course.pk)


def _objective(row: dict) -> Objective:
    return Objective.objects.get_or_create(code=row["code"], defaults={"name": row["text"][:200]})[0]


def _quizzes(data: dict, questions: list, shelf: CataloguePage, *, by: Account, at: datetime):
    rules = data["quiz"]
    post = quizzes.create_quiz(
        shelf.collection, title=f"Pascates: {data['title']}", questions=questions, by=by, kind=QuizKind.POST, draw=rules["draw"],
        pass_mark=rules["pass_mark"], attempt_limit=rules["attempts"],
    )
    quizzes.publish_quiz(post, by=by, at=at)
    if not rules.get("pre_draw"):
        return post, None
    pre = quizzes.create_quiz(
        shelf.collection, title=f"Pretes: {data['title']}", questions=questions, by=by, kind=QuizKind.PRE, draw=rules["pre_draw"],
        pass_mark=rules["pass_mark"], attempt_limit=1,
    )
    quizzes.publish_quiz(pre, by=by, at=at)
    return post, pre
