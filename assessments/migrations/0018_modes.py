"""Modes of a quiz; questions whose answer was looked at (learning mode)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0017_question_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="quiz",
            name="mode",
            field=models.CharField(choices=[("learning", "Learning mode"), ("training", "Training mode"), ("exam", "Exam mode")], default="training", max_length=8, verbose_name="Mode"),
        ),
        migrations.AddField(
            model_name="attempt",
            name="revealed",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(choices=[("start", "Started"), ("answer", "Answered"), ("flag", "Flagged"), ("reveal", "Looked at the answer"), ("finish", "Handed in"), ("grade", "Graded")], max_length=8),
        ),
    ]
