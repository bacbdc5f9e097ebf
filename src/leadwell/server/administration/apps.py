from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "leadwell.server.administration"
    label = "administration"
