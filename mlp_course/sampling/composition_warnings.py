"""What a plan of a data set forgets, in plain words: the failures of section 2.11.1."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlp_course.sampling.composition import Composition, Part

#: What the warnings hold a plan against. The chapter's section 2.11.1 gives the numbers marked (*),
#: the others are judgements, told apart in the messages by "as a rule".
MOST_EQUILIBRIUM = 0.4  # (*) of its remedy 40:40:20
FEWEST_PATHS = 0.1  # of all; the chapter's bad example has 5 %, its good tables 10 and 20 %
FEWEST_TEMPERATURES = 2
FEWEST_PER_TEMPERATURE = 1000  # (*)


def energy_warnings(plan: "Composition") -> list[str]:
    """Too much near the minimum, too little on the way over."""
    equilibrium, paths = plan.share("equilibrium"), plan.share("path")
    found = []
    if equilibrium > MOST_EQUILIBRIUM:
        found.append(
            f"Bias to low energies: {equilibrium:.0%} of the configurations are equilibrium "
            f"structures (at most {MOST_EQUILIBRIUM:.0%} is advised). Forces far from a minimum "
            "will be guesses: move the surplus to dynamics and reaction paths."
        )
    if paths < FEWEST_PATHS:
        found.append(
            f"Few transition states: {paths:.0%} of the configurations lie on reaction paths (as a "
            f"rule at least {FEWEST_PATHS:.0%}). Barriers will be wrong: add bands between the "
            "states you care about."
        )
    return [text.replace("%", " %") for text in found]


def temperature_warnings(plan: "Composition") -> list[str]:
    """Too few temperatures, none above the one of use, too few frames at each."""
    dynamics = [part for part in plan.parts if part.data_type == "dynamics"]
    temperatures = sorted({t for part in dynamics for t in part.temperatures})
    found = []
    if dynamics and len(temperatures) < FEWEST_TEMPERATURES:
        listed = f"{temperatures[0]:g} K" if temperatures else "not stated"
        found.append(
            f"Too few temperatures: dynamics at one only ({listed}). Add at least one well above "
            "and, if you cool, one below."
        )
    use = plan.use_temperature
    if use is not None and temperatures and use >= temperatures[-1]:
        found.append(
            f"No margin in temperature: the potential will run at {use:g} K and has seen "
            f"{temperatures[-1]:g} K at most. A long run meets what is rare at its temperature and "
            "missing from a short one: sample above the temperature of use."
        )
    if use is not None and temperatures and use < temperatures[0]:
        found.append(
            f"All dynamics is hotter than the use at {use:g} K: add a run there, or the soft "
            "modes near the minimum will be learnt from few frames."
        )
    return found + _few_frames(dynamics)


def missing_warnings(plan: "Composition") -> list[str]:
    """Data types that are not there at all; paths have a warning of their own."""
    consequences = {
        "equilibrium": "stable structures and vibrations are not pinned down",
        "dynamics": "thermal motion at finite temperature is not covered",
        "random": "nothing keeps the potential from inventing minima where no data are",
        "defect": "surfaces, vacancies and steps of the real material are extrapolation",
    }
    return [
        f"No {data_type} data: {consequence}."
        for data_type, consequence in consequences.items()
        if plan.share(data_type) == 0
    ]


def _few_frames(dynamics: list["Part"]) -> list[str]:
    """Parts of dynamics that have too few frames at each of their temperatures."""
    found = []
    for part in dynamics:
        each = part.n_frames / max(1, len(part.temperatures))
        if each < FEWEST_PER_TEMPERATURE:
            found.append(
                f"Few frames a temperature: about {each:.0f} (at least {FEWEST_PER_TEMPERATURE} is "
                "advised; independent ones, so thin by the correlation time)."
            )
    return found
