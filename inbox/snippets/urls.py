"""Snippets: chosen while writing, and kept in one's own account."""

from django.urls import path

from inbox.snippets import views

urlpatterns = [
    path("conversations/<int:pk>/snippets/<slug:channel>/", views.choose, name="choose-snippet"),
    path("account/snippets/", views.snippets, name="snippets"),
    path("account/snippets/new/", views.edit, name="new-snippet"),
    path("account/snippets/<int:pk>/", views.edit, name="snippet"),
    path("account/snippets/<int:pk>/delete/", views.delete, name="delete-snippet"),
    path("account/snippets/<int:pk>/restore/", views.restore, name="restore-snippet"),
]
