"""A copy of everything that is kept, taken while the shop is open, and put back in its place."""
