"""The door: signing in and out, and one's own account."""

from allauth.account import views as allauth_views
from django.contrib.auth.views import LogoutView
from django.urls import path

urlpatterns = [
    path("login/", allauth_views.LoginView.as_view(), name="account_login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
