"""Import people into a job or a community."""

from django.urls import path

from candidates.imports import views

urlpatterns = [
    path("jobs/<int:pk>/import/", views.job, name="job-import"),
    path("communities/<int:pk>/import/", views.community, name="community-import"),
    path("imports/<int:pk>/", views.page, name="import"),
    path("imports/<int:pk>/start/", views.start, name="import-start"),
    path("imports/<int:pk>/problems.csv", views.problems, name="import-problems"),
]
