"""Whether advice saves money: paired worlds, one desk, several ways of choosing. See ``README.md``."""
