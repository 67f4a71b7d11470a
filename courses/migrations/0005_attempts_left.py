"""Whether a running enrolment has attempts of its final quiz left; 0006 counts them for the rows there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_lesson_blocks"), ("assessments", "0004_extra_attempts")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="has_no_attempt_left",
            field=models.BooleanField(default=False, help_text="All attempts of the final quiz are used; a trainer may grant one."),
        ),
    ]
