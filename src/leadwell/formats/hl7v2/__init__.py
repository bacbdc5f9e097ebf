"""What does an HL7 v2 referral (REF^I12 to I15) say, and what is its sender told? Bytes in, values out. Pure."""

from leadwell.formats.hl7v2.answers import PENDING, answer
from leadwell.formats.hl7v2.batches import Batch, answered, batch_of
from leadwell.formats.hl7v2.reading import Change, Code, Read, read

__all__ = ["PENDING", "Batch", "Change", "Code", "Read", "answer", "answered", "batch_of", "read"]
