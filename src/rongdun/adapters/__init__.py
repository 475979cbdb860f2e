"""Whom the centre talks to: one package for each kind of partner."""
