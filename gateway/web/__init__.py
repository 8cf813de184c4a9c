"""What every page stands on: security, limits, assets, rendering, pictures, wording."""
