"""The web process: pages and webhooks."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartmessage.settings")

application = get_wsgi_application()
