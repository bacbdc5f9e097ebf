"""May we contact them? Permissions with their proof, stops, and the log of every contact. (promises B13, D23, D24)"""
