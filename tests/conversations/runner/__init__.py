"""The runner's own tests: it must fail when a conversation does not go as its file says."""
