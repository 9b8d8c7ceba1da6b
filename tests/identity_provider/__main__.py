"""Serve the provider on a port of this machine until it is told to end."""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def main(port: str, folder: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    Path(folder, "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    os.environ["IDENTITY_PROVIDER_FOLDER"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.identity_provider.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)


main(*sys.argv[1:])
