"""What Django can do at best: the same signature check and one insert through the ORM, and nothing else of ours.

granian … tests.bench.bare:application     serves it, in the very command of the product's web process
python -m tests.bench.bare                 makes its table
"""

import os
from datetime import UTC, datetime
from typing import ClassVar

import django
import environ
from django.conf import settings

settings.configure(
    SECRET_KEY="protects-nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="tests.bench.bare",
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"]), "CONN_MAX_AGE": None}},
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from twilio.request_validator import RequestValidator  # noqa: E402

PAGE_BYTES = 60_000


class Text(models.Model):
    sid = models.CharField(max_length=40, unique=True)
    sender = models.CharField(max_length=16)
    recipient = models.CharField(max_length=16)
    body = models.TextField()
    received_at = models.DateTimeField()

    objects: ClassVar["models.Manager[Text]"] = models.Manager()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.sid


def webhook(request: HttpRequest) -> HttpResponse:
    url = os.environ["PUBLIC_BASE_URL"] + request.get_full_path()
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    if not validator.validate(url, request.POST, request.headers.get("X-Twilio-Signature", "")):
        return HttpResponse(status=403)
    Text.objects.create(
        sid=request.POST["MessageSid"],
        sender=request.POST["From"],
        recipient=request.POST["To"],
        body=request.POST["Body"],
        received_at=datetime.now(UTC),
    )
    return HttpResponse(b"<Response/>", content_type="text/xml")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * PAGE_BYTES)


urlpatterns = [path("webhooks/twilio/sms/", webhook), path("page/", page)]
application = get_wsgi_application()

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Text)
