"""Who is given which lead, why not the others, and what becomes of it when they are away? (promise D19)"""
