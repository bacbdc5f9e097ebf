from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "leadwell.server.alerts"
    label = "alerts"
