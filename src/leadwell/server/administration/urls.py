"""People who work here, and keys."""

from django.urls import path

from leadwell.server.administration import joining, views

urlpatterns = [
    path("people", views.people, name="people"),
    path("people/invitations/<int:number>/withdraw", views.withdraw, name="withdraw_invitation"),
    path("join", joining.join, name="join"),
    path("people/<int:number>/role", views.change_role, name="change_role"),
    path("people/<int:number>/remove", views.remove, name="remove_member"),
    path("people/<int:number>/password", views.new_password, name="new_password"),
    path("people/<int:number>/second-factor", views.reset_factor, name="reset_factor"),
    path("keys", views.all_keys, name="keys"),
    path("keys/<slug:handle>/revoke", views.revoke, name="revoke_key"),
]
