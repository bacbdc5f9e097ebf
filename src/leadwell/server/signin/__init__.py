"""How does somebody come in, and leave? What the trail says of it, second factors, single sign-on, idle screens.

`access` says who works where and may do what; here stands what also needs sealing and the trail. (promise F32)
"""
