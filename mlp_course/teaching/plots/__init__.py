"""Pictures of the lessons, one idea a module: each draws the object that holds the numbers."""
