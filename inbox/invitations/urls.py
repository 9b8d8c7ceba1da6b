"""Invite many at once."""

from django.urls import path

from inbox.invitations import views

urlpatterns = [
    path("invitations/preview/", views.preview, name="invite-many"),
    path("invitations/start/", views.start, name="invite-many-start"),
    path("invitations/<int:pk>/", views.run, name="invitation-run"),
]
