"""A calculator that never computes a geometry twice, even after a kill."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.reference.configuration import bare, geometry_key
from mlp_course.reference.failures import SCFNotConverged
from mlp_course.reference.jobs import CalculatorLike, method_name, single_point
from mlp_course.reference.store import LabelStore

if TYPE_CHECKING:
    from dask.distributed import Client


class StoredCalculator(Calculator):
    """An ASE calculator that looks a geometry up in a store and has the missing computed.

    An optimisation or a nudged elastic band driven by it can be killed and started again: it
    retraces its steps from the store at once and goes on where it stopped.

    Args:
        store: labels already known, and where new ones go; hold its ``lock()`` where another run
            might write to it.
        calculator: see ``label``.
        client: where to compute; default: in this process. Calculators of several threads may share
            a client and a store.
    """

    implemented_properties = ["energy", "forces"]

    def __init__(
        self, store: LabelStore, calculator: CalculatorLike, client: "Client | None" = None
    ):
        super().__init__()
        self.store, self.calculator, self.client = store, calculator, client
        self.method = method_name(calculator)

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Return the store's energy (eV) and forces (eV/Å), computed first where missing."""
        super().calculate(atoms, properties, system_changes)
        which = (geometry_key(self.atoms), self.method)
        if (self.atoms, self.method) not in self.store:
            options = dict(method=self.method, spool=self.store.spool.absolute())
            frame = bare(self.atoms)
            if self.client is None:
                text = single_point(frame, self.calculator, **options)
            else:
                text = self.client.submit(
                    single_point, frame, self.calculator, **options, pure=False
                ).result()
            self.store.add([text])
        if which in self.store.refused:
            raise SCFNotConverged(next(self.store.refused.read([which])).info["label_refused"])
        self.results = dict(next(self.store.labels.read([which])).calc.results)
