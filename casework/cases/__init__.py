"""Cases: what customers asked for, the log of what happened, and what is done to them."""
