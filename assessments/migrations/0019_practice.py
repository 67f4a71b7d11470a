"""Practice of missed questions: rounds, and the quizzes that carry them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0018_modes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="quiz",
            name="practice_of",
            field=models.OneToOneField(blank=True, editable=False, help_text="Carries the practice of missed questions of that quiz; see domain/practice.py.", null=True, on_delete=django.db.models.deletion.CASCADE, related_name="practice", to="assessments.quiz"),
        ),
        migrations.CreateModel(
            name="PracticeRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("attempt", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="practice_round", to="assessments.attempt")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="practice_rounds", to=settings.AUTH_USER_MODEL)),
                ("quiz", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="practice_rounds", to="assessments.quiz")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="practice_rounds", to="assessments.attempt")),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("source", "day"), name="practice_round_once")],
            },
        ),
    ]
