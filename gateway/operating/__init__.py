"""What the shop's operators look at: whether the web is alive and ready, and its metrics."""
