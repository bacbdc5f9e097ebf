from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "leadwell.server.worklist"
    label = "worklist"
