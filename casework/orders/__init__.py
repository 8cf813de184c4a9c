"""Orders: the shop's record of them, how they come in, and who may hear about them."""
