"""Database migrations, shipped with the package."""
