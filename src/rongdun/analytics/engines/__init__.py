"""Engines that compute a trace's reach and sub-ledger by SQL: DuckDB embedded, Spark through Spark Connect."""
