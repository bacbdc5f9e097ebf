from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "leadwell.server.api"
    label = "api"
