"""Leads."""

from django.urls import path

from leadwell.server.leads import finding, trial, views

urlpatterns = [
    path("leads", views.all_leads, name="leads"),
    path("leads/find", finding.find, name="find"),
    path("leads/<uuid:number>", views.one_lead, name="lead"),
    path("playbook/<int:number>/trial", trial.trial, name="try_playbook"),
]
