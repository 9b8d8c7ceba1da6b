from typing import Any

from django.apps.registry import Apps
from django.db import migrations


def give_pace(apps: Apps, schema_editor: Any) -> None:
    """WhatsApp's default (twilio.md §11)."""
    apps.get_model("channels_whatsapp", "WhatsAppSender").objects.update(per_second=80)


class Migration(migrations.Migration):
    """Senders that were there before they had a pace."""

    dependencies = [("channels_whatsapp", "0002_pace_of_senders")]
    operations = [migrations.RunPython(give_pace, migrations.RunPython.noop)]
