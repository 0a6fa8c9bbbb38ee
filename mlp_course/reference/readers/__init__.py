"""One reader for each program: the steps of an output, and why some of them are no labels."""
