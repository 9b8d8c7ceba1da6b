"""The Messages tab, the home page and the tray."""

from django.urls import path

from inbox import notice_views, presence_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("applications/<int:pk>/messages/", views.messages, {"kind": "application"}, name="application-messages"),
    path("prospects/<int:pk>/messages/", views.messages, {"kind": "prospect"}, name="prospect-messages"),
    path("conversations/<int:pk>/send/<slug:channel>/", views.send, name="send"),
    path("conversations/<int:pk>/invite/<slug:channel>/", views.invite, name="invite"),
    path("conversations/<int:pk>/draft/<slug:channel>/", views.draft, name="draft"),
    path("conversations/<int:pk>/since/<slug:channel>/", views.since, name="since"),
    path("conversations/<int:pk>/older/<slug:channel>/", views.older, name="older"),
    path("conversations/<int:pk>/seen/", views.seen, name="seen"),
    path("conversations/<int:pk>/presence/", presence_views.who_is_here, name="presence"),
    path("conversations/<int:pk>/meanwhile/", presence_views.meanwhile, name="meanwhile"),
    path("messages/<int:pk>/again/", views.again, name="again"),
    path("tray/", views.tray, name="tray"),
    path("tray/read/", views.tray_read, name="tray-read"),
    path("account/notices/", notice_views.notice_settings, name="notice-settings"),
    path("digest/off/<str:token>/", notice_views.digest_off, name="digest-off"),
]
