"""Who stands in for our mail provider and for those who write back: after the published formats, not after our code."""
