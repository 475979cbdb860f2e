"""Signs of a mule account: named features, each with its weight, its value and its reason, and a score."""
