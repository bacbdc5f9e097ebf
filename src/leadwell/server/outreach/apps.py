from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "leadwell.server.outreach"
    label = "outreach"
