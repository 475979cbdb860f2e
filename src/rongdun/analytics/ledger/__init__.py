"""The ledger: what statements tell, kept whole, counted once, undone whole, read in any of its versions."""
