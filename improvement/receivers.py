"""Facts that other apps announce, and what the loop makes of them. Nothing else listens to these signals for the loop."""

from django.dispatch import receiver

from certificates.signals import certificate_issued
from courses.signals import course_completed, enrolment_withdrawn
from improvement.domain import loop
from improvement.domain.assignments import enrolment_ended
from performance.signals import evaluations_finalised


@receiver(evaluations_finalised, dispatch_uid="loop.evaluations_finalised")
def on_evaluations_finalised(sender, evaluations, at, **kwargs):
    loop.evaluations_finalised(evaluations, at=at)


@receiver(course_completed, dispatch_uid="loop.course_completed")
def on_course_completed(sender, enrolment, completion, at, **kwargs):
    loop.course_completed(enrolment, completion, at=at)


@receiver(enrolment_withdrawn, dispatch_uid="loop.enrolment_withdrawn")
def on_enrolment_withdrawn(sender, enrolment, at, **kwargs):
    for gap in enrolment_ended(enrolment, at=at):
        loop.remedy_called_off(gap, by=None, at=at)


@receiver(certificate_issued, dispatch_uid="loop.certificate_issued")
def on_certificate_issued(sender, certificate, at, **kwargs):
    loop.certificate_issued(certificate)
