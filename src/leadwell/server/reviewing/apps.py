from django.apps import AppConfig


class ReviewingConfig(AppConfig):
    name = "leadwell.server.reviewing"
    label = "reviewing"
