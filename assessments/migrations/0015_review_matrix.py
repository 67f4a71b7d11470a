"""``shows_explanations`` becomes the review matrix. What was switched off stays off; everything else opens as is usual for the kind, which is
what "on" meant. Published versions stay as they are: domain/review.py reads the old entry."""

from django.db import migrations, models

PARTS = ("answers", "verdicts", "right", "explanations")
SCORE_ONLY = {"score": "now", **{part: "never" for part in PARTS}}


def to_matrix(apps, schema_editor):
    apps.get_model("assessments", "Quiz").objects.filter(shows_explanations=False).update(review=SCORE_ONLY)


def to_switch(apps, schema_editor):
    """Back: a matrix that never opens the explanations is "off"."""
    model = apps.get_model("assessments", "Quiz")
    for quiz in model.objects.exclude(review={}):
        model.objects.filter(pk=quiz.pk).update(shows_explanations=quiz.review.get("explanations") != "never")


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0012_key_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="quiz",
            name="review",
            field=models.JSONField(blank=True, default=dict, help_text="When each ResultPart opens; empty: as is usual for the kind (domain/review.py).", verbose_name="What the learner reads after sending"),
        ),
        migrations.RunPython(to_matrix, to_switch),
        migrations.RemoveField(model_name="quiz", name="shows_explanations"),
    ]
