from django.db import migrations, models


class Migration(migrations.Migration):
    """What was agreed to on a form, the privacy policy too, in the versions that were seen (O1, O11)."""

    dependencies = [("candidates", "0006_texts_are_for_good")]
    operations = [
        migrations.AddField(
            model_name="submission",
            name="texts",
            field=models.ManyToManyField(
                help_text="The boxes that were ticked, in the versions that were seen",
                related_name="+",
                to="candidates.consenttext",
            ),
        )
    ]
