"""All addresses, room by room."""

from django.contrib import admin
from django.urls import include, path

from accounts.sites import company_site
from channels_sms import webhooks as sms
from channels_whatsapp import webhooks as whatsapp
from smartmessage import health
from twilio_gateway import status_callbacks

urlpatterns = [
    path("", include("inbox.urls")),
    path("", include("inbox.invitations.urls")),
    path("", include("inbox.snippets.urls")),
    path("", include("inbox.notes.urls")),
    path("", include("candidates.urls")),
    path("", include("candidates.public.urls")),
    path("", include("candidates.imports.urls")),
    path("", include("channels_email.urls")),
    path("", include("accounts.urls")),
    path("webhooks/twilio/sms/", sms.sms, name="twilio-sms"),
    path("webhooks/twilio/whatsapp/", whatsapp.whatsapp, name="twilio-whatsapp"),
    path("webhooks/twilio/status/", status_callbacks.status, name="twilio-status"),
    path("healthz", health.healthz, name="healthz"),
    path("livez", health.livez, name="livez"),
    path("admin/", admin.site.urls),
    path("settings/", company_site.urls),
]

handler404 = "smartmessage.errors.not_found"
handler500 = "smartmessage.errors.server_error"
