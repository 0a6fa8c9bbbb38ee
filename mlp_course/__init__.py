"""Machine-learning potentials, from a pair of atoms to molecular dynamics.

Each folder is one idea of the course: ``units`` and ``data`` first, ``models`` and ``training`` in
the middle, ``teaching`` last. A folder imports only from the ones before it. Importing the package
itself loads nothing else, so it costs no time.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
