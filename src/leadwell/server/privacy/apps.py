from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "leadwell.server.privacy"
    label = "privacy"
