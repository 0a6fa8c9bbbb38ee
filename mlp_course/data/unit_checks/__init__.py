"""Are these labels in eV and Å? Evidence from the frames alone, and the guard that asks for it."""
