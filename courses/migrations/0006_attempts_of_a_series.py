"""Running enrolments learn whether the attempts of their quizzes are used up: until now these counted per enrolment, now they go through
her enrolments of the course, back to its last completion."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef

RUNNING = ["not_started", "active"]


def note_attempts_left(apps, schema_editor):
    Enrolment, Attempt = apps.get_model("courses", "Enrolment"), apps.get_model("assessments", "Attempt")
    rows = Enrolment.objects.filter(state__in=RUNNING).select_related("release__pre_quiz_version", "release__post_quiz_version")
    final = _tried(rows.filter(is_quiz_passed=False), "post", Attempt)
    pre_test = _tried(rows.filter(pre_score__isnull=True), "pre", Attempt)
    used = [row.pk for row in final if _is_used_up(row, row.release.post_quiz_version, Enrolment, Attempt)]
    Enrolment.objects.filter(pk__in=used).update(has_no_attempt_left=True)
    used = [row.pk for row in pre_test if _is_used_up(row, row.release.pre_quiz_version, Enrolment, Attempt)]
    Enrolment.objects.filter(pk__in=used).update(has_no_pre_test_left=True)


def _tried(rows, kind, Attempt):
    """Only people with an attempt of that quiz are asked about, not everybody in a course."""
    hers = Attempt.objects.filter(person=OuterRef("person"), quiz=OuterRef(f"release__{kind}_quiz_version__quiz"))
    return list(rows.filter(Exists(hers)))


def _is_used_up(enrolment, version, Enrolment, Attempt):
    limit = version.spec.get("attempt_limit")
    if limit is None:
        return False
    hers = Enrolment.objects.filter(person=enrolment.person_id, course=enrolment.course_id, pk__lte=enrolment.pk)
    last = hers.filter(state="completed").order_by("-pk").values_list("pk", flat=True).first() or 0
    keys = [f"enrolment:{pk}" for pk in hers.filter(pk__gt=last).values_list("pk", flat=True)]
    tried = Attempt.objects.filter(person=enrolment.person_id, quiz=version.quiz_id, context_key__in=keys)
    granted = enrolment.person.extra_attempts.filter(quiz=version.quiz_id, context_key__in=keys).count()
    return tried.count() >= limit + granted and not tried.filter(state="open").exists()


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_attempts_left"), ("assessments", "0004_extra_attempts")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="has_no_pre_test_left",
            field=models.BooleanField(default=False, help_text="The pre-test was used before she came back; it is left out."),
        ),
        migrations.RunPython(note_attempts_left, migrations.RunPython.noop, elidable=True),
    ]
