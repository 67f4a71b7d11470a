"""The plain number beside a session becomes a reference, so that session and account can be read together. Sessions go on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sessions_and_requests")]

    operations = [
        migrations.RenameField("accountsession", "account_id", "account"),
        migrations.AlterField(
            "accountsession",
            "account",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
