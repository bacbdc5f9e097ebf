"""Is the work shared fairly, is it in time, and does the order pay? Thirty days of an invented intake team. (D19-D21)

    python -m benchmarks.working [--seeds 20] [--days 30] [--people 6] [--only order]

The world (`chances`, `world`) was written from published figures before any order was run in it, by somebody who had
not read how the product orders or gives out leads: what it says of answering, interest and value is not what the
product supposes of them. Every figure that sources do not settle is drawn anew for each seed within what they say.
"""
