"""What runs inside Rasa's process: the one channel in, and the length of its trackers."""
