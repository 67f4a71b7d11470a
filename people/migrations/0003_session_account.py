"""The plain number beside a session becomes a reference, so that session and account can be read together. Sessions go on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def end_sessions_of_nobody(apps, schema_editor):
    """A plain number may name an account that is gone; a reference may not."""
    sessions = apps.get_model("people", "AccountSession").objects.filter(account_id__isnull=False)
    sessions.exclude(account_id__in=apps.get_model("people", "Account").objects.values("pk")).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sessions_and_requests")]

    operations = [
        migrations.RunPython(end_sessions_of_nobody, migrations.RunPython.noop, elidable=True),
        migrations.RenameField("accountsession", "account_id", "account"),
        migrations.AlterField(
            "accountsession",
            "account",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
