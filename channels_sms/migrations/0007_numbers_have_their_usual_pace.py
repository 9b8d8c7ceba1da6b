from typing import Any

from django.apps.registry import Apps
from django.db import migrations

TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")


def give_pace(apps: Apps, schema_editor: Any) -> None:
    """What carriers take from a long code, by where it is from (twilio.md §11)."""
    numbers = apps.get_model("channels_sms", "SenderNumber").objects
    numbers.update(per_second=10)
    numbers.filter(country__in=["US", "CA"]).update(per_second=1)
    for code in TOLL_FREE:
        numbers.filter(number__startswith=code).update(per_second=3)


class Migration(migrations.Migration):
    """Numbers that were there before they had a pace."""

    dependencies = [("channels_sms", "0006_pace_of_numbers")]
    operations = [migrations.RunPython(give_pace, migrations.RunPython.noop)]
