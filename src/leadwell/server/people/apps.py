from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "leadwell.server.people"
    label = "people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out  # noqa: PLC0415  models are there only now

        from leadwell.server.people.emergency import close_at_sign_out  # noqa: PLC0415

        user_logged_out.connect(close_at_sign_out, dispatch_uid="leadwell.close_at_sign_out")
