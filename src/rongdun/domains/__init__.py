"""What the centre does, one package for each noun."""
