"""Conversations: messages, turns of the assistant, who speaks, and who is there."""
