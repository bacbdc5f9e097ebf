"""An enquiry, what is known of it, how it was judged, and what happened to it."""
