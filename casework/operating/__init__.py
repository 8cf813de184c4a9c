"""How the processes tell how they are: readiness, metrics and logs."""
