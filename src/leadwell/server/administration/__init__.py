"""Who works here, and which programs may call: the administrator's pages. (promise F32)"""
