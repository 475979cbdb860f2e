"""Where simulated partners listen; imports nothing, so that the command line may."""

SIMULATOR_PORT = 8630
"""Where ``rongdun twin bank`` listens unless it is told otherwise, and where the demonstration looks for it."""
