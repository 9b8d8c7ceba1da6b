from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose team reads a conversation is always known (A4)."""

    dependencies = [("inbox", "0007_inbox_of_what_was_there")]
    operations = [
        migrations.AlterField(
            model_name="conversation",
            name="team_key",
            field=models.BigIntegerField(
                editable=False, help_text="Whose team reads it: the job's id, or minus the community's"
            ),
        ),
    ]
