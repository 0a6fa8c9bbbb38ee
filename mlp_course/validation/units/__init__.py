"""Which units labels are in: what their size betrays, and the tables of conversions."""
