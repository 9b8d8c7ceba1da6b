"""The Messages tab, the home page and the tray."""

from django.urls import path

from inbox import later_views, list_views, notice_views, presence_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("applications/<int:pk>/messages/", views.messages, {"kind": "application"}, name="application-messages"),
    path("prospects/<int:pk>/messages/", views.messages, {"kind": "prospect"}, name="prospect-messages"),
    path("applications/<int:pk>/emails/", views.emails, {"kind": "application"}, name="application-emails"),
    path("prospects/<int:pk>/emails/", views.emails, {"kind": "prospect"}, name="prospect-emails"),
    path("conversations/<int:pk>/send/<slug:channel>/", views.send, name="send"),
    path("conversations/<int:pk>/invite/<slug:channel>/", views.invite, name="invite"),
    path("conversations/<int:pk>/draft/<slug:channel>/", views.draft, name="draft"),
    path("conversations/<int:pk>/since/<slug:channel>/", views.since, name="since"),
    path("conversations/<int:pk>/older/<slug:channel>/", views.older, name="older"),
    path("conversations/<int:pk>/seen/", views.seen, name="seen"),
    path("conversations/<int:pk>/presence/", presence_views.who_is_here, name="presence"),
    path("conversations/<int:pk>/meanwhile/", presence_views.meanwhile, name="meanwhile"),
    path("messages/<int:pk>/again/", views.again, name="again"),
    path("conversations/<int:pk>/later/<slug:channel>/", later_views.schedule, name="schedule"),
    path("scheduled/<int:pk>/edit/", later_views.edit, name="scheduled-edit"),
    path("scheduled/<int:pk>/send/", later_views.send_now, name="scheduled-send"),
    path("scheduled/<int:pk>/cancel/", later_views.cancel, name="scheduled-cancel"),
    path("scheduled/<int:pk>/restore/", later_views.restore, name="scheduled-restore"),
    path("scheduled/<int:pk>/stop/", later_views.stop, name="scheduled-stop"),
    path("messages/<int:pk>/take-back/", later_views.take_back, name="take-back"),
    path("messages/<int:pk>/move/", views.move, name="move"),
    path("inbox/", list_views.inbox, name="inbox"),
    path("inbox/new/", list_views.new_message, name="new-message"),
    path("inbox/<int:pk>/", list_views.conversation, name="conversation"),
    path("inbox/<int:pk>/row/", list_views.row, name="row"),
    path("inbox/of/<slug:kind>/<int:pk>/", list_views.of_record, name="inbox-of-record"),
    path("conversations/<int:pk>/done/", list_views.done, name="done"),
    path("conversations/<int:pk>/star/", list_views.star, name="star"),
    path("conversations/<int:pk>/unread/", list_views.unread, name="unread"),
    path("conversations/<int:pk>/snooze/", list_views.snooze, name="snooze"),
    path("tray/", views.tray, name="tray"),
    path("tray/read/", views.tray_read, name="tray-read"),
    path("account/notices/", notice_views.notice_settings, name="notice-settings"),
    path("digest/off/<str:token>/", notice_views.digest_off, name="digest-off"),
]
