from django.db import migrations, models


class Migration(migrations.Migration):
    """A company chooses which hours are good for a text, and whether it only advises (V1)."""

    dependencies = [
        ('accounts', '0006_last_seen_and_headers'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='hours_are_wall',
            field=models.BooleanField(default=False, verbose_name='no text leaves at other hours'),
        ),
        migrations.AddField(
            model_name='company',
            name='hours_preset',
            field=models.CharField(choices=[('advice', '8:00 to 21:00, not on weekends and public holidays'), ('strict', '9:00 to 20:00, never on Sundays and public holidays')], default='advice', max_length=6, verbose_name='good hours for texts'),
        ),
        migrations.AddField(
            model_name='company',
            name='own_hours',
            field=models.JSONField(default=dict, editable=False, help_text='In place of the shipped ones', verbose_name='own hours of a country'),
        ),
    ]
