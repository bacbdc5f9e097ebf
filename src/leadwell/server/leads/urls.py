"""Leads."""

from django.urls import path

from leadwell.server.leads import views

urlpatterns = [
    path("leads", views.all_leads, name="leads"),
    path("leads/<uuid:number>", views.one_lead, name="lead"),
]
