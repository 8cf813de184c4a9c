"""What runs before anything is served: packages fetched, processes started."""
