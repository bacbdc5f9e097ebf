"""What became of a lead: which stage it came to, or for which reason it ended? (promises E27, E29)"""
