"""A confirmation that was taken back is told apart from a judgement that the gap persists: both lead from *addressed* to *persisting*."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark(apps, schema_editor):
    """Old rows: back to *open* is no transition, so it can be nothing else; back to *persisting* stands in the audit trail."""
    change, event = apps.get_model("performance", "GapChange"), apps.get_model("core", "AuditEvent")
    told = event.objects.filter(verb="gap.taken_back", object_kind="performance.gap", object_id=OuterRef("gap_id"), at=OuterRef("at"))
    change.objects.filter(Exists(told), from_status="addressed").update(is_reversal=True)
    change.objects.filter(from_status="addressed", to_status="open").update(is_reversal=True)


class Migration(migrations.Migration):
    dependencies = [("performance", "0003_dates_in_order"), ("core", "0001_initial")]

    operations = [
        migrations.AddField("gapchange", "is_reversal", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
