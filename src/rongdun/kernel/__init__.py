"""Words everyone shares: pure, no input or output."""
