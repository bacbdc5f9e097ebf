"""Which address leads where? Each app keeps its own."""

from django.urls import include, path

from leadwell.server.api.routes import api
from leadwell.server.base import health
from leadwell.server.intake import receiving
from leadwell.server.intake.sources.fhir import views as fhir

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", api.urls),
    path("in/<slug:handle>", receiving.receive, name="receive"),
    path("fhir/<slug:handle>", fhir.base, name="fhir"),
    path("fhir/<slug:handle>/", fhir.base, name="fhir_slash"),
    path("fhir/<slug:handle>/<path:rest>", fhir.below, name="fhir_below"),
    path("", include("leadwell.server.access.urls")),
    path("", include("leadwell.server.signin.urls")),
    path("", include("leadwell.server.privacy.urls")),
    path("", include("leadwell.server.alerts.urls")),
    path("", include("leadwell.server.people.urls")),
    path("", include("leadwell.server.consent.urls")),
    path("", include("leadwell.server.administration.urls")),
    path("", include("leadwell.server.playbooks.urls")),
    path("", include("leadwell.server.leads.urls")),
    path("", include("leadwell.server.openings.urls")),
    path("", include("leadwell.server.intake.urls")),
    path("", include("leadwell.server.outreach.urls")),
    path("", include("leadwell.server.worklist.urls")),
    path("", include("leadwell.server.calls.urls")),
    path("", include("leadwell.server.outcomes.urls")),
    path("", include("leadwell.server.business.urls")),
    path("", include("leadwell.server.assigning.urls")),
    path("", include("leadwell.server.typed_in.urls")),
    path("", include("leadwell.server.reviewing.urls")),
]

handler400 = "leadwell.server.base.errors.bad_request"
handler403 = "leadwell.server.base.errors.not_allowed"
handler404 = "leadwell.server.base.errors.not_found"
handler500 = "leadwell.server.base.errors.broken"
