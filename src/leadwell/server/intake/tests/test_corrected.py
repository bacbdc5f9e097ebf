"""Who a later part of the same referral or booking says to be reached elsewhere is found, stopped and linked by that as by
what came first. (promises B8, D23)"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import stop
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import CLOSED, answers
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.tests.test_calls import Line, THEIRS
