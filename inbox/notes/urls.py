"""Notes in the thread."""

from django.urls import path

from inbox.notes import views

urlpatterns = [
    path("conversations/<int:pk>/note/", views.write, name="note"),
    path("conversations/<int:pk>/mentionable/", views.mentionable, name="mentionable"),
    path("notes/<int:pk>/delete/", views.delete, name="delete-note"),
    path("notes/<int:pk>/restore/", views.restore, name="restore-note"),
]
