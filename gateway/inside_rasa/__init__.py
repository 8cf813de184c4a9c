"""What runs inside Rasa's process: the one channel in, and what is set up and mended there."""
