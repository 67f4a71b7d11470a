"""What this app hears: pages published in the editor, attempts handed in, trainers' grants. Connected in ``AppConfig.ready``."""

from __future__ import annotations

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published

from assessments.signals import accommodation_changed, attempt_finished, attempt_regraded
from courses.domain import progress, quiz_places, regrading, releases, shelves
from courses.models import CoursePage, Enrolment, LessonPage, ModulePage
from people.enums import Role
from people.models import Grant


@receiver(attempt_finished, dispatch_uid="courses.take_score")
def attempt_was_finished(sender, attempt, at, **kwargs) -> None:
    enrolment = progress.take_score(attempt, at=at)
    if enrolment is not None:
        quiz_places.note_attempts_left(enrolment)


@receiver(accommodation_changed, dispatch_uid="courses.note_attempts_left")
def accommodation_was_changed(sender, person, **kwargs) -> None:
    """More attempts (or fewer again) change whether her final quizzes are used up."""
    for enrolment in Enrolment.objects.running().filter(person=person).select_related("person", "release__post_quiz_version"):
        quiz_places.note_attempts_left(enrolment)


@receiver(attempt_regraded, dispatch_uid="courses.take_regraded_score")
def attempt_was_regraded(sender, attempt, at, **kwargs) -> None:
    enrolment = regrading.take_regraded(attempt, at=at)
    if enrolment is not None:
        quiz_places.note_attempts_left(enrolment)


@receiver(page_published, dispatch_uid="courses.release")
def page_was_published(sender, instance, revision, **kwargs) -> None:
    if sender in (CoursePage, ModulePage, LessonPage):
        releases.release_after(instance, revision)


@receiver([post_save, post_delete], sender=Grant, dispatch_uid="courses.shelf_members")
def trainer_grant_changed(sender, instance, created=False, raw=False, **kwargs) -> None:
    if instance.role != Role.TRAINER or raw:
        return
    if created and instance.unit is not None:
        shelves.ensure_shelf(instance.unit, by=instance.granted_by)
    shelves.sync_members(instance.person)
