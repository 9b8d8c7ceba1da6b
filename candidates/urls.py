"""Record pages, jobs, communities, people."""

from django.urls import path

from candidates import views

urlpatterns = [
    route
    for kind, prefix in (("application", "applications"), ("prospect", "prospects"))
    for route in (
        path(f"{prefix}/<int:pk>/", views.profile, {"kind": kind}, name=f"{kind}-profile"),
        path(f"{prefix}/<int:pk>/emails/", views.emails, {"kind": kind}, name=f"{kind}-emails"),
        path(f"{prefix}/<int:pk>/contact/", views.contact, {"kind": kind}, name=f"{kind}-contact"),
    )
]
