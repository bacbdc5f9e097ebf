from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leadwell.server.leads"
    label = "leads"
