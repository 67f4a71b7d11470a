"""Certificates for tests: a completed course and what is issued for it.

course = certified_course()                       # five modules, 5 JP, released
completion = completed(sari, course, score=88)    # the bare fact: nothing listens, nothing is issued
certificate = issued(sari)                        # all of it, rendered when ``outbox.drain(at=ISSUED_AT)`` runs
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from certificates.domain.issue import issue_for_completion
from certificates.domain.reference import seed_certificates
from certificates.models import Certificate, CertificateDesign
from core.domain.dates import JAKARTA
from courses.domain import authoring, shelves
from courses.enums import CompletionRule, EnrolmentState
from courses.models import Completion, CoursePage, CourseRelease, Enrolment
from people.models import Account

ISSUED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=JAKARTA)
TITLE = "Layanan Cepat di Loket Adminduk"
MODULES = (
    "Standar waktu dan hak warga",
    "Memetakan alur: dari ambil nomor sampai dokumen terbit",
    "Periksa berkas sekali jalan",
    "Mengurai antrean: loket cepat, janji temu, layanan daring",
    "Mengukur: median, persentil 90, dan sebab keterlambatan",
)
_count = iter(range(1, 10**9))


def certified_course(
    *, title: str = TITLE, modules=MODULES, hours: int = 5, months: int | None = None, trainer=None, indicators=()
) -> CoursePage:
    """A course with a release row of its own making (no lessons are rendered: certificates read the outline only).

    ``indicators``: ``[(indicator, level)]``.
    """
    course = authoring.add_course(
        shelves.default_shelf(),
        title=title,
        summary="Ringkas.",
        completion_rule=CompletionRule.LESSONS,
        objectives=[],
        by=trainer,
        learning_minutes=hours * 45,
    )
    course.trainer = trainer
    course.current_release = CourseRelease.objects.create(
        course=course,
        number=1,
        title=title,
        lesson_count=len(modules),
        learning_minutes=hours * 45,
        level=2,
        pass_mark=70,
        completion_rule=CompletionRule.LESSONS,
        certificate_months=months,
        sha256="0" * 64,
        trainer_name=trainer.full_name if trainer else "",
        indicators=[{"id": one.pk, "name": one.name, "aspect": one.aspect, "level": level} for one, level in indicators],
        created_at=ISSUED_AT,
        outline=[
            {"title": name, "lessons": [{"key": str(n), "position": n, "title": name, "minutes": 6}]}
            for n, name in enumerate(modules, 1)
        ],
    )
    course.save(update_fields=["trainer", "current_release"])
    return CoursePage.objects.get(pk=course.pk)


def completed(person: Account, course: CoursePage | None = None, *, score=88, at: datetime = ISSUED_AT) -> Completion:
    course = course or certified_course()
    started = at - timedelta(days=40)
    enrolment = Enrolment.objects.create(
        person=person,
        course=course,
        release=course.current_release,
        state=EnrolmentState.COMPLETED,
        percent=100,
        created_at=started,
        started_at=started,
        completed_at=at,
    )
    return Completion.objects.create(
        enrolment=enrolment,
        person=person,
        course=course,
        release=course.current_release,
        started_at=started,
        completed_at=at,
        score=None if score is None else Decimal(score),
    )


def default_design(**fields) -> CertificateDesign:
    """The design of an empty installation, with ``fields`` changed."""
    seed_certificates()
    design = CertificateDesign.objects.get(course__isnull=True)
    for name, value in fields.items():
        setattr(design, name, value)
    design.save_revision().publish()
    return CertificateDesign.objects.get(pk=design.pk)


def issued(person: Account, course: CoursePage | None = None, *, at: datetime = ISSUED_AT, **more) -> Certificate:
    if not CertificateDesign.objects.exists():
        default_design()
    certificate = issue_for_completion(completed(person, course, at=at, **more), at=at)
    assert isinstance(certificate, Certificate)
    return certificate
