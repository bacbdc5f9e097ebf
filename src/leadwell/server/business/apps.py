from django.apps import AppConfig


class BusinessConfig(AppConfig):
    name = "leadwell.server.business"
    label = "business"
