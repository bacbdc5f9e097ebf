from django.apps import AppConfig


class AssigningConfig(AppConfig):
    name = "leadwell.server.assigning"
    label = "assigning"
