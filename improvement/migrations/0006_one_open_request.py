"""One open request for an assignment, held by the database (a double tap made two)."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


def keep_the_latest(apps, schema_editor):
    """Of several open ones the latest stays; the others were the same wish."""
    request = apps.get_model("improvement", "LearnerRequest")
    newer = request.objects.filter(assignment=OuterRef("assignment"), state="open", pk__gt=OuterRef("pk"))
    doubled = request.objects.filter(Exists(newer), state="open").values_list("pk", flat=True)
    request.objects.filter(pk__in=list(doubled)).update(
        state="declined", answer="Permintaan yang sama sudah tercatat.", answered_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("improvement", "0005_plan_of_a_cell")]

    operations = [
        migrations.RunPython(keep_the_latest, migrations.RunPython.noop),
        migrations.AddConstraint(
            "learnerrequest", models.UniqueConstraint(fields=["assignment"], condition=Q(state="open"), name="request_one_open")
        ),
    ]
