from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0005_explanations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='quiz',
            name='shows_explanations',
            field=models.BooleanField(default=True, help_text='After a final quiz once it is passed or the course completed; after a practice quiz at once; never after a pre-test.', verbose_name='Show explanations'),
        ),
    ]
