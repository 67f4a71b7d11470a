"""The clock of timed attempts: a job per attempt, due when deadline and grace are over, and a nightly look at all of them. Regrading."""

from __future__ import annotations

from datetime import time

from assessments.domain import attempts, item_statistics, practice, proof, regrading
from assessments.models import Attempt, KeyCorrection, Quiz, QuizVersion
from core.domain import outbox, schedule
from core.domain.dates import local_today
from core.domain.outbox import handler
from core.models import Job

SETTLE = "assessments.settle_due"
STATISTICS = "assessments.item_statistics"
SEAL = "assessments.seal_attempts"


@handler(attempts.EXPIRE)
def expire(job: Job) -> None:
    """Hand in what ran out of time. An attempt that was handed in before is left as it is."""
    attempt = Attempt.objects.select_related("version").filter(pk=job.payload["attempt"]).first()
    if attempt is not None:
        attempts.settle(attempt, at=job.instant)


@handler(SETTLE)
def settle_due(job: Job) -> None:
    attempts.settle_due(at=job.instant)


@handler(practice.OPEN)
def open_practice(job: Job) -> None:
    """A day after a final quiz has come on which missed questions come back."""
    attempt = Attempt.objects.select_related("version__quiz", "quiz__current", "person").filter(pk=job.payload["attempt"]).first()
    if attempt is not None:
        practice.open_round(attempt, job.payload["day"], at=job.instant)


@handler(regrading.REGRADE)
def regrade(job: Job) -> None:
    """Results follow a corrected key, a batch at a time."""
    correction = KeyCorrection.objects.filter(pk=job.payload["correction"]).first()
    if correction is not None:
        regrading.regrade_batch(correction, after=job.payload["after"], at=job.instant)


def compute_later(quiz: Quiz, version: QuizVersion | None, *, is_first: bool, n: int) -> None:
    """Item statistics of very many attempts; whoever looks again finds them kept. Once a day for so many attempts, however often one looks."""
    number = version.number if version else 0
    outbox.enqueue(STATISTICS, f"{STATISTICS}:{quiz.pk}:{number}:{int(is_first)}:{n}:{local_today()}",
                   {"quiz": quiz.pk, "version": version.pk if version else None, "is_first": is_first})


@handler(STATISTICS)
def compute_statistics(job: Job) -> None:
    quiz = Quiz.objects.filter(pk=job.payload["quiz"]).first()
    version = QuizVersion.objects.filter(pk=job.payload["version"]).first() if job.payload["version"] else None
    if quiz is not None:
        item_statistics.figures(quiz, version=version, is_first=job.payload["is_first"])


@handler(SEAL)
def seal_attempts(job: Job) -> None:
    """The logs of what was handed in, into the audit trail."""
    proof.seal_attempts(at=job.instant)


schedule.daily(SETTLE, at=time(3, 10))
schedule.daily(SEAL, at=time(3, 50))
