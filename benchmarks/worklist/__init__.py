"""How quick are the worklist and take-next, and what do they cost beyond what the database needs for fifty rows?"""
