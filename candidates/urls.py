"""Record pages, jobs, communities, people."""

from django.urls import path

from candidates import views

urlpatterns = [
    path("people/", views.search, name="people"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("communities/", views.communities, name="communities"),
    path("communities/<int:pk>/", views.community, name="community"),
    path("proposals/<int:pk>/", views.decide_proposal, name="proposal"),
    *(
        route
        for kind, prefix in (("application", "applications"), ("prospect", "prospects"))
        for route in (
            path(f"{prefix}/<int:pk>/", views.profile, {"kind": kind}, name=f"{kind}-profile"),
            path(f"{prefix}/<int:pk>/contact/", views.contact, {"kind": kind}, name=f"{kind}-contact"),
            path(f"{prefix}/<int:pk>/withdraw/", views.withdraw, {"kind": kind}, name=f"{kind}-withdraw"),
        )
    ),
]
