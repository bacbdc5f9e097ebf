"""Where can they be seen, and when? What is known of the openings of each clinic, and to which a lead goes."""
