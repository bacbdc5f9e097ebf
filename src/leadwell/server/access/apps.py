from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "leadwell.server.access"
    label = "access"
