"""May we contact them, for what, by which channel, and when? One gate, pure. (promises B13, D23, D24)"""
