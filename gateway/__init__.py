"""The web: the customers' chat, their pictures, and the one channel into the assistant."""
