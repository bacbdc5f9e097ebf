"""Alerts."""

from django.urls import path

from leadwell.server.alerts import views

urlpatterns = [
    path("alerts", views.alerts, name="alerts"),
    path("alerts/<int:number>/deal", views.deal, name="deal"),
]
