"""Leads."""

from django.urls import path

from leadwell.server.leads import correcting, finding, trial, views

urlpatterns = [
    path("leads", views.all_leads, name="leads"),
    path("leads/find", finding.find, name="find"),
    path("leads/<uuid:number>", views.one_lead, name="lead"),
    path("leads/<uuid:number>/facts", correcting.verify_fact, name="verify_fact"),
    path("leads/<uuid:number>/facts/back", correcting.take_back_fact, name="take_back_fact"),
    path("playbook/<int:number>/trial", trial.trial, name="try_playbook"),
]
