from datetime import date

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

RATINGS = [("above", "Above expectation"), ("meets", "Meets expectation"), ("below", "Below expectation")]


#: Words that stood in earlier default plans, and what an offer may say now that everybody who decides reads them (decisions 24).
REPLACED = {
    "Konseling lebih dulu; lalu modul etika atau BerAKHLAK yang dipilih bersama.":
        "Pendampingan lebih dulu; lalu modul etika atau BerAKHLAK yang dipilih bersama.",
    "Konseling, bimbingan, dan rencana bersama SDM; masa perbaikan 6 bulan (PP 30/2019 pasal 57).":
        "Pendampingan, bimbingan, dan rencana bersama SDM; masa perbaikan 6 bulan (PP 30/2019 pasal 57).",
}


def give_time(apps, schema_editor):
    """The plan of both below names six months in its words; now they are counted."""
    plans = apps.get_model("improvement", "RemedyRule").objects.filter(result_rating="below", behaviour_rating="below")
    plans.filter(note__contains="6 bulan", improvement_months__isnull=True).update(improvement_months=6)
    for before, after in REPLACED.items():
        apps.get_model("improvement", "RemedyRule").objects.filter(note=before).update(note=after)


class Migration(migrations.Migration):
    dependencies = [("improvement", "0004_remedy_label")]

    operations = [
        migrations.RemoveField(model_name="remedyrule", name="remedies"),
        migrations.AddField(
            model_name="remedyrule",
            name="improvement_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Time to improve in months"),
        ),
        migrations.AlterField(
            model_name="remedyrule", name="note", field=models.CharField(blank=True, max_length=300, verbose_name="Advice to whoever decides")
        ),
        migrations.AlterField(
            model_name="remedyrule",
            name="within_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Talk within days"),
        ),
        migrations.AlterField(model_name="remedyrule", name="result_rating", field=models.CharField(choices=RATINGS, max_length=5)),
        migrations.AlterField(model_name="remedyrule", name="behaviour_rating", field=models.CharField(choices=RATINGS, max_length=5)),
        migrations.RemoveConstraint(model_name="remedyrule", name="remedy_rule_once"),
        migrations.AddConstraint(
            model_name="remedyrule",
            constraint=models.UniqueConstraint(
                F("result_rating"),
                F("behaviour_rating"),
                Coalesce("valid_from", Value(date(1, 1, 1), output_field=models.DateField())),
                name="remedy_rule_once",
                violation_error_message="This cell has a plan with this beginning already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remedyrule",
            constraint=models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="remedy_rule_dates_in_order",
                violation_error_message="The end lies before the start.",
            ),
        ),
        migrations.RunPython(give_time, migrations.RunPython.noop),
    ]
