"""The drill (演练): a newcomer takes a call of the simulated city and goes on until the money is back."""
