"""Who works in which team, when, what do they take on, and who is away? (promise D19)"""
