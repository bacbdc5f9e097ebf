from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "leadwell.server.calls"
    label = "calls"
