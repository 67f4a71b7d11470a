"""Running enrolments learn whether the attempts of their final quiz are used up (until now they counted per enrolment)."""

from django.db import migrations, models


def note_attempts_left(apps, schema_editor):
    Enrolment, Attempt = apps.get_model("courses", "Enrolment"), apps.get_model("assessments", "Attempt")
    tried = Enrolment.objects.filter(
        state__in=["not_started", "active"], is_quiz_passed=False, best_score__isnull=False, release__post_quiz_version__isnull=False
    )
    used_up = []
    for enrolment in tried.select_related("release__post_quiz_version").iterator():
        version = enrolment.release.post_quiz_version
        limit = version.spec.get("attempt_limit")
        hers = Attempt.objects.filter(person=enrolment.person_id, quiz=version.quiz_id, context_key=f"enrolment:{enrolment.pk}")
        if limit is not None and hers.count() >= limit and not hers.filter(state="open").exists():
            used_up.append(enrolment.pk)
    Enrolment.objects.filter(pk__in=used_up).update(has_no_attempt_left=True)


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_lesson_blocks"), ("assessments", "0004_extra_attempts")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="has_no_attempt_left",
            field=models.BooleanField(default=False, help_text="All attempts of the final quiz are used; a trainer may grant one."),
        ),
        migrations.RunPython(note_attempts_left, migrations.RunPython.noop, elidable=True),
    ]
