"""The city twin: a simulated city whose truth is known, and the statements its banks would send."""
