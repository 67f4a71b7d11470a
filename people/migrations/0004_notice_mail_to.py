"""A letter about a change of address goes to the former one, whenever it goes out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_session_account")]

    operations = [migrations.AddField("notice", "mail_to", models.EmailField(blank=True, max_length=254))]
