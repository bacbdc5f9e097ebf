"""Addresses that pages ask by themselves."""

from django.urls import path

from leadwell.server.signin import views

urlpatterns = [
    path("idle", views.idle, name="idle"),
    path("drafts", views.keep_draft, name="keep_draft"),
    path("drafts/throw-away", views.throw_draft_away, name="throw_draft_away"),
]
