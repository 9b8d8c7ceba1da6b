"""Addresses of the way in, and of what the team has of it."""

from django.urls import path

from candidates.public import team_views, views

urlpatterns = [
    path("jobs/<slug:slug>/apply/", views.apply, name="apply"),
    path("communities/<slug:slug>/join/", views.join, name="join"),
    path("received/<uuid:uuid>/", views.receipt, name="receipt"),
    path("agree/<str:token>/", views.consent_link, name="consent-link"),
    path("consent/<str:token>/", views.my_consent, name="my-consent"),
    path("consent-keys/", views.consent_keys, name="consent-keys"),
    path("phone-hint/", views.phone_hint, name="phone-hint"),
    path("cvs/<uuid:uuid>/", team_views.cv, name="cv"),
    path(
        "applications/<int:pk>/ask-consent/",
        team_views.ask_for_consent,
        {"kind": "application"},
        name="application-ask-consent",
    ),
    path(
        "prospects/<int:pk>/ask-consent/", team_views.ask_for_consent, {"kind": "prospect"}, name="prospect-ask-consent"
    ),
]
