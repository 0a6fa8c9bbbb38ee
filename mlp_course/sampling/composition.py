"""Composition: how many configurations of which type, what they cost, and what the plan forgets."""

import dataclasses
from collections import Counter
from collections.abc import Sequence

import pandas as pd
from ase import Atoms

from mlp_course.sampling.composition_warnings import (
    energy_warnings,
    missing_warnings,
    temperature_warnings,
)
from mlp_course.sampling.origin import DATA_TYPES, origin_of


@dataclasses.dataclass(frozen=True)
class Part:
    """One row of a plan.

    Attributes:
        data_type: one of :data:`mlp_course.sampling.DATA_TYPES`.
        n_frames: configurations to label.
        description: what they are and what for.
        temperatures: of the dynamics, in K.
        seconds_per_label: on one node, in s; None: that of the plan.

    Example:
        >>> Part("dynamics", 3000, "AIMD", temperatures=(300, 500, 700)).n_frames
        3000
    """

    data_type: str
    n_frames: int
    description: str = ""
    temperatures: tuple[float, ...] = ()
    seconds_per_label: float | None = None

    def __post_init__(self):
        if self.data_type not in DATA_TYPES:
            raise ValueError(
                f"data_type must be one of {', '.join(DATA_TYPES)}; got {self.data_type!r}"
            )
        if self.n_frames < 1 or int(self.n_frames) != self.n_frames:
            raise ValueError(f"n_frames must be a whole number above 0; got {self.n_frames}")
        if any(not t > 0 for t in self.temperatures):
            raise ValueError(f"temperatures must be positive, in K; got {self.temperatures}")
        if self.temperatures and self.data_type != "dynamics":
            raise ValueError(f"temperatures belong to dynamics; got them for {self.data_type}")
        if self.seconds_per_label is not None and not self.seconds_per_label > 0:
            raise ValueError(
                f"seconds_per_label must be positive, in s; got {self.seconds_per_label}"
            )


@dataclasses.dataclass(frozen=True)
class Composition:
    """A plan of a data set: its parts, its cost, its gaps.

    Attributes:
        name: of the plan.
        parts: its rows.
        seconds_per_label: on one node, in s, for parts that name none.
        use_temperature: at which the potential will run, in K; None if not known.

    Example:
        >>> plan = Composition("two parts", (Part("equilibrium", 100), Part("path", 300)))
        >>> plan.table()["percent"].tolist()
        [25.0, 75.0]
        >>> plan.node_hours  # an hour a label, as in the chapter
        400.0
    """

    name: str
    parts: tuple[Part, ...]
    seconds_per_label: float = 3600.0
    use_temperature: float | None = None

    def __post_init__(self):
        if not self.parts:
            raise ValueError("parts must hold at least one row; got none")
        if not self.seconds_per_label > 0:
            raise ValueError(
                f"seconds_per_label must be positive, in s; got {self.seconds_per_label}"
            )
        if self.use_temperature is not None and not self.use_temperature > 0:
            raise ValueError(f"use_temperature must be positive, in K; got {self.use_temperature}")

    @property
    def n_frames(self) -> int:
        """All configurations."""
        return sum(part.n_frames for part in self.parts)

    @property
    def node_hours(self) -> float:
        """Cost of all labels, in hours of one node."""
        return float(self.table()["node_hours"].sum())

    def share(self, data_type: str) -> float:
        """Part of the configurations that are of one type, 0 to 1."""
        of_type = (part.n_frames for part in self.parts if part.data_type == data_type)
        return sum(of_type) / self.n_frames

    def days(self, n_nodes: int) -> float:
        """Days until ``n_nodes`` have labelled everything, one label a node at a time."""
        if n_nodes < 1:
            raise ValueError(f"n_nodes must be at least 1; got {n_nodes}")
        return self.node_hours / n_nodes / 24

    def table(self) -> pd.DataFrame:
        """One row a part: type, description, configurations, percent, temperatures, node-hours.

        Example:
            >>> CU_CO2.table()["percent"].tolist()
            [10.0, 60.0, 10.0, 10.0, 10.0]
        """
        seconds = [part.seconds_per_label or self.seconds_per_label for part in self.parts]
        rows = [
            dict(
                data_type=part.data_type,
                description=part.description,
                n_frames=part.n_frames,
                percent=100 * part.n_frames / self.n_frames,
                temperatures_K=", ".join(f"{t:g}" for t in part.temperatures),
                node_hours=part.n_frames * each / 3600,
            )
            for part, each in zip(self.parts, seconds, strict=True)
        ]
        return pd.DataFrame(rows)

    def warnings(self) -> list[str]:
        """Say in plain words what is likely to go wrong with a potential trained on this.

        Source:
            Section 2.11.1 of the chapter for low energies, temperatures and numbers.

        Example:
            >>> LOW_ENERGY_BIAS.warnings()[0].split(":")[0]
            'Bias to low energies'
        """
        return [*energy_warnings(self), *temperature_warnings(self), *missing_warnings(self)]


def composition_of(frames: Sequence[Atoms], **options) -> Composition:
    """Take stock of frames: the plan that they fulfil, read from their records.

    Args:
        frames: made by samplers of this package.
        options: ``seconds_per_label`` and ``use_temperature`` of :class:`Composition`.

    Returns:
        One part for each sampler; dynamics with the temperatures found.

    Raises:
        ValueError: if a frame has no record.

    Example:
        >>> from mlp_course.sampling import rattled
        >>> frames = rattled(Atoms("H"), amplitude=0.1, n_frames=5)
        >>> composition_of(frames).parts[0].n_frames
        5
    """
    records = [origin_of(frame) for frame in frames]
    counts = Counter((record["type"], record["sampler"]) for record in records)
    parts = []
    for (data_type, sampler), n_frames in sorted(counts.items()):
        own = [r["settings"] for r in records if (r["type"], r["sampler"]) == (data_type, sampler)]
        hot = {settings["temperature"] for settings in own if "temperature" in settings}
        temperatures = tuple(sorted(hot)) if data_type == "dynamics" else ()
        parts.append(Part(data_type, n_frames, sampler, temperatures))
    return Composition("frames", tuple(parts), **options)


#: The chapter's data set for CO₂ reduction on copper (section 2.3).
CU_CO2 = Composition(
    "Cu catalyst, CO2 reduction",
    (
        Part("equilibrium", 500, "Cu surfaces with adsorbates"),
        Part("dynamics", 3000, "thermal motion", temperatures=(300, 500, 700)),
        Part("path", 500, "5 reaction paths"),
        Part("random", 500, "for generalisation"),
        Part("defect", 500, "surface defects of a real catalyst"),
    ),
)

#: The chapter's data set for methanol oxidation on copper (problem 2); production runs at 500 K.
METHANOL_CU = Composition(
    "Cu(111), methanol oxidation",
    (
        Part("equilibrium", 300, "Cu(111), six adsorbates on top, bridge and hollow"),
        Part("dynamics", 2000, "rotation and surface diffusion", temperatures=(300, 500)),
        Part("path", 800, "20 images of 4 paths under 10 conditions"),
        Part("defect", 400, "steps, kinks, vacancies"),
        Part("random", 500, "high energies: dissociation, several adsorbates"),
    ),
    use_temperature=500.0,
)

#: The chapter's example of a failure (section 2.11.1): nearly everything lies in a valley.
LOW_ENERGY_BIAS = Composition(
    "biased to low energies",
    (
        Part("equilibrium", 8000, "equilibrium structures"),
        Part("dynamics", 1500, "AIMD, temperature not stated"),
        Part("path", 500, "reaction paths"),
    ),
)
