"""Commands of ``rongdun``, one module for each group; each imports what it needs only when it runs."""
