from datetime import date

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce


def end_what_never_held(apps, schema_editor):
    """A row that ends before it begins never held on any day: a rule is switched off and ends with its beginning, a cell goes."""
    backwards = Q(valid_to__lt=F("valid_from"))
    apps.get_model("performance", "GapRule").objects.filter(backwards).update(is_active=False, valid_to=F("valid_from"))
    apps.get_model("performance", "PredicateCell").objects.filter(backwards).delete()


def in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message="The end lies before the start.",
    )


class Migration(migrations.Migration):
    dependencies = [("performance", "0002_source_profile")]

    operations = [
        migrations.RunPython(end_what_never_held, migrations.RunPython.noop),
        migrations.AddConstraint(model_name="gaprule", constraint=in_order("rule_dates_in_order")),
        migrations.AddConstraint(model_name="predicatecell", constraint=in_order("cell_dates_in_order")),
        migrations.AlterConstraint(
            model_name="predicatecell",
            name="cell_unique",
            constraint=models.UniqueConstraint(
                F("result_rating"),
                F("behaviour_rating"),
                Coalesce("valid_from", Value(date(1, 1, 1), output_field=models.DateField())),
                name="cell_unique",
                violation_error_message="This place of the table has a row with this beginning already.",
            ),
        ),
    ]
