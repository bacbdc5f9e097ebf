from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "leadwell.server.base"
    label = "base"
