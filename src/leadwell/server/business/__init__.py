"""Who decides in an organisation, whom do we call there, and when do we meet? (promises B15, D24)"""
