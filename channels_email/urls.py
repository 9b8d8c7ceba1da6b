"""Files that came by mail, and the mail providers' webhooks."""

from django.urls import path, re_path

from channels_email import views, webhooks

urlpatterns = [
    path("files/<uuid:uuid>/", views.file, name="mail-file"),
    # Mailgun posts whole mails to addresses that end with "mime", and mails in pieces to others.
    re_path(r"^webhooks/email/(?P<provider>[a-z]{1,20})/inbound(?:_mime)?/$", webhooks.inbound, name="mail-inbound"),
    path("webhooks/email/<slug:provider>/report/", webhooks.report, name="mail-report"),
]
