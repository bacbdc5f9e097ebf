"""What came back, of which message, and whose fault is it? Bytes of a mail -> one frozen value; nothing here acts."""

from leadwell.formats.bounces.classes import class_of
from leadwell.formats.bounces.reading import read
from leadwell.formats.bounces.values import CLASSES, Class, NotReturned, Returned

__all__ = ["CLASSES", "Class", "NotReturned", "Returned", "class_of", "read"]
