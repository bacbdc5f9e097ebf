"""Is it the same person? Links between the rows of a list: sure ones, possible ones, and why.

people -> records (comparable fields) -> candidates (pairs worth comparing) -> compare (levels) -> scoring (weights)
       -> clusters (who is one person) -> linking (all of it)
"""

from leadwell.identity.explaining import explain
from leadwell.identity.headers import columns
from leadwell.identity.linking import Links, link, retrain, train
from leadwell.identity.lists import people, split_name, telephone, telephones
from leadwell.identity.rows import PEOPLE
from leadwell.identity.weights import Weights, shipped

__all__ = [
    "PEOPLE",
    "Links",
    "Weights",
    "columns",
    "explain",
    "link",
    "people",
    "retrain",
    "shipped",
    "split_name",
    "telephone",
    "telephones",
    "train",
]
