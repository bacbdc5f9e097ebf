"""What does a FHIR R4 referral say? Bytes of a ServiceRequest or Bundle -> orders with the columns of a lead. Pure."""

from leadwell.formats.fhir.checked import deviations
from leadwell.formats.fhir.reading import Message, message_of, names_of, order_of, task_names
from leadwell.formats.fhir.values import NotRead, Order

__all__ = ["Message", "NotRead", "Order", "deviations", "message_of", "names_of", "order_of", "task_names"]
