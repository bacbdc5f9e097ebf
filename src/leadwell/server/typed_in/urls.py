"""Calls that are typed in."""

from django.urls import path

from leadwell.server.typed_in import views

urlpatterns = [
    path("calls/new", views.new_call, name="new_call"),
    path("calls/new/known", views.who_is_it, name="who_is_it"),
    path("calls/new/<uuid:number>", views.typed_call, name="typed_call"),
]
