import secrets

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.text import slugify


def give_addresses(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for name, title in (("Job", "title"), ("Community", "name")):
        for group in apps.get_model("candidates", name).objects.filter(slug=""):
            group.slug = f"{slugify(getattr(group, title))[:120] or 'form'}-{secrets.token_hex(4)}"
            group.save(update_fields=["slug"])


class Migration(migrations.Migration):
    """Jobs and communities that are there already get the address of their public form."""

    dependencies = [("candidates", "0003_public_forms_and_imports")]
    operations = [migrations.RunPython(give_addresses, migrations.RunPython.noop)]
