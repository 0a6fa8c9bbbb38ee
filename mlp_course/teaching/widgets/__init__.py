"""Sliders and menus: the reader changes a number, the picture or the table follows."""
