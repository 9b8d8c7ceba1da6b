from django.db import migrations, models


class Migration(migrations.Migration):
    """A record may say where its person is: a number doesn't always tell (V1)."""

    dependencies = [
        ('candidates', '0010_events_wait_for_their_seal'),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='time_zone',
            field=models.CharField(blank=True, help_text='Where the person is, if somebody knows it', max_length=64, verbose_name='time zone'),
        ),
    ]
