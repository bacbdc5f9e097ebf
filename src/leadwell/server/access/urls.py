"""Sign-in, and the pages about oneself."""

from django.urls import include, path, re_path

from leadwell.server.access import views

# Of allauth's pages these have no use: nobody signs up, there is no mail with which to reset anything, and whom single
# sign-on lets in is an administrator's to say.
_CLOSED = "|".join(
    [
        "email/",
        "confirm-email/",
        "password/reset/",
        "password/set/",
        "login/code/",
        "reauthenticate/code/",
        "social/",
        "3rdparty/$",
        "3rdparty/signup/",
    ]
)

urlpatterns = [
    path("", views.home, name="home"),
    path("more", views.more, name="more"),
    path("me", views.me, name="me"),
    path("organization", views.organization, name="organization"),
    path("second-factor", views.second_factor, name="second_factor"),
    path("stay", views.stay, name="stay"),
    re_path(rf"^account/(?:{_CLOSED})", views.closed, name="closed"),
    path("account/", include("allauth.urls")),
]
