"""How it runs: settings, database, jobs, identity, audit, files, letters."""
