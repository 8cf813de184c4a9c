"""Where it is all kept: the database, its tables and private files."""
