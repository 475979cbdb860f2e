"""榕盾 Rongdun: the operating system of a city's anti-fraud centre."""

__version__ = "0.1.0"
