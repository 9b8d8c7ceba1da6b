"""All addresses, by room."""

from allauth.account import views as allauth_views
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.sites import company_site
from candidates import views as candidates
from channels_sms import webhooks as sms
from inbox import views as inbox
from smartmessage import health
from twilio_gateway import status_callbacks

urlpatterns = [
    path("", inbox.home, name="home"),
    path("login/", allauth_views.LoginView.as_view(), name="account_login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    *(
        route
        for kind, prefix in (("application", "applications"), ("prospect", "prospects"))
        for route in (
            path(f"{prefix}/<int:pk>/", candidates.profile, {"kind": kind}, name=f"{kind}-profile"),
            path(f"{prefix}/<int:pk>/emails/", candidates.emails, {"kind": kind}, name=f"{kind}-emails"),
            path(f"{prefix}/<int:pk>/contact/", candidates.contact, {"kind": kind}, name=f"{kind}-contact"),
            path(f"{prefix}/<int:pk>/messages/", inbox.messages, {"kind": kind}, name=f"{kind}-messages"),
        )
    ),
    path("conversations/<int:pk>/send/<slug:channel>/", inbox.send, name="send"),
    path("conversations/<int:pk>/invite/<slug:channel>/", inbox.invite, name="invite"),
    path("conversations/<int:pk>/draft/<slug:channel>/", inbox.draft, name="draft"),
    path("conversations/<int:pk>/since/<slug:channel>/", inbox.since, name="since"),
    path("conversations/<int:pk>/older/<slug:channel>/", inbox.older, name="older"),
    path("conversations/<int:pk>/seen/", inbox.seen, name="seen"),
    path("messages/<int:pk>/again/", inbox.again, name="again"),
    path("tray/", inbox.tray, name="tray"),
    path("tray/read/", inbox.tray_read, name="tray-read"),
    path("webhooks/twilio/sms/", sms.sms, name="twilio-sms"),
    path("webhooks/twilio/status/", status_callbacks.status, name="twilio-status"),
    path("healthz", health.healthz),
    path("livez", health.livez),
    path("admin/", admin.site.urls),
    path("settings/", company_site.urls),
]

handler404 = "smartmessage.errors.not_found"
handler500 = "smartmessage.errors.server_error"
