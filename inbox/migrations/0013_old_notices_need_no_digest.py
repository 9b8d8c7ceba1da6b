from django.db import migrations
from django.db.models.functions import Now


def leave_out(apps, schema_editor):
    """What was unread before there were digests is not told of in the first one."""
    apps.get_model("inbox", "Notice").objects.filter(read_at=None, digested_at=None).update(digested_at=Now())


class Migration(migrations.Migration):
    dependencies = [("inbox", "0012_notice_settings_and_digests")]
    operations = [migrations.RunPython(leave_out, migrations.RunPython.noop)]
