"""The trail."""

from django.urls import path

from leadwell.server.privacy import views

urlpatterns = [path("trail", views.trail, name="trail")]
