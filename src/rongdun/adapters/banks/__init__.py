"""Banks and payment institutions: wire profiles, transports, and a simulator that plays them. See ``README.md``."""
