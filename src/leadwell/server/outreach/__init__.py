"""What goes out, to whom and by what leave? A table of what waits, one gate, and a channel for each way. (promises D23,
D24)

What is to be said is queued in the transaction that decided it. A worker leases it, asks the gate and marks it as being
sent in one transaction, and hands it over in another that any stop waits for.
"""
