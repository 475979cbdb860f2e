"""Laundering patterns counted for every account at once: pass-through, fan-in and fan-out, cycles, scatter-gather."""
