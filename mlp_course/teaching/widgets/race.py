"""The race to play with: choose what is compared, choose a plan."""

import ipywidgets
import pandas as pd
from IPython.display import display

from mlp_course.teaching.figures import Picture, colour_of, label_axes, new_figure
from mlp_course.teaching.plots.charts import plot_bars
from mlp_course.teaching.plots.race import QUANTITIES, check_shown
from mlp_course.teaching.plots.race_cost import plot_choice
from mlp_course.validation.race_plans import MENUS, START
from mlp_course.validation.race_results import ROUNDS, only_racers, round_minutes
from mlp_course.validation.racers import RACERS

_MISSING = "not computed yet"


def explore_race(race: pd.DataFrame) -> None:
    """Show one quantity of one round as bars, with menus for molecule, frames and quantity.

    Args:
        race: from ``load_race``; without a cell a line says so.
    """
    if race.empty:
        print("no cell of the race has been computed yet: python benchmarks/race.py")
        return
    race = only_racers(race)
    rounds = race[["molecule", "n_train"]].drop_duplicates().itertuples(index=False)
    options = {f"{molecule}, {n} frames": (molecule, n) for molecule, n in rounds}
    units = {label.rpartition(" / ")[0] or label: name for name, label in QUANTITIES.items()}

    def show(which: tuple[str, int], quantity: str) -> None:
        display(plot_round(race, *which, quantity=quantity))

    ipywidgets.interact(
        show,
        which=ipywidgets.Dropdown(options=options, description="round"),
        quantity=ipywidgets.Dropdown(options=units, description="quantity"),
    )


def plot_round(race: pd.DataFrame, molecule: str, n_train: int, *, quantity: str) -> Picture:
    """Bars of one quantity in one round, from the lowest to the highest.

    Raises:
        ValueError: if there is no race with this molecule, or for an unknown quantity.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "force_mae_error"]
        >>> rows = [("ani", "ANI", "ethanol", 50, 70.0, 1.0),
        ...         ("mace", "MACE", "ethanol", 50, 40.0, 1.0)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> plot_round(race, "ethanol", 50, quantity="force_mae")
        Bars of force MAE / (meV/Å): MACE 40, ANI 70
    """
    check_shown(molecule, quantity)
    own = only_racers(race).query("molecule == @molecule and n_train == @n_train")
    own = own.sort_values(quantity).set_index("method")
    errors = own["force_mae_error"].to_dict() if quantity == "force_mae" else None
    return plot_bars(own[quantity].to_dict(), quantity=QUANTITIES[quantity], errors=errors)


def plot_rounds(race: pd.DataFrame) -> Picture:
    """Force errors of three rounds side by side: ethanol with 50 and 950 frames, malonaldehyde.

    Args:
        race: from ``load_race``; a round without a cell stays empty and says so.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "train_seconds"]
        >>> rows = [("ani", "ANI", "ethanol", 50, 70.0, 600.0),
        ...         ("mace", "MACE", "ethanol", 50, 40.0, 601.0)]
        >>> plot_rounds(pd.DataFrame(rows, columns=columns))
        Force MAE in meV/Å; ethanol, 50 frames: MACE 40, ANI 70; ethanol, 950 frames: nothing; ...
    """
    which = [place for place in ROUNDS if place != ("ethanol", 200)]
    figure, panels = new_figure(len(which), width=3.6, height=3.6)
    said = []
    for axes, (molecule, n_train) in zip(panels, which, strict=True):
        own = only_racers(race).query("molecule == @molecule and n_train == @n_train")
        errors = own.set_index("method")["force_mae"].sort_values()
        for place, (name, error) in enumerate(errors.items()):
            axes.barh(place, error, color=colour_of(name, 0), height=0.7)
            axes.text(error, place, f" {error:.3g}", va="center", fontsize=9)
        axes.set_yticks(range(len(errors)), list(errors.index))
        axes.set_ylim(len(RACERS) - 0.5, -0.5)
        axes.margins(x=0.2)
        if not len(errors):
            axes.set_xticks([])
        title = f"{molecule}, {n_train} frames\n"
        title += f"up to {round_minutes(own, molecule, n_train)} min" if len(errors) else _MISSING
        label_axes(axes, QUANTITIES["force_mae"], "", title)
        listed = ", ".join(f"{name} {error:.3g}" for name, error in errors.items())
        said.append(f"{molecule}, {n_train} frames: {listed or 'nothing'}")
    return Picture(figure, f"Force MAE in meV/Å; {'; '.join(said)}")


def choose_method(race: pd.DataFrame) -> None:
    """Show who is the best for a plan: labels, atoms, length of the simulation, patience.

    Args:
        race: from ``load_race``; without a cell a line says so.
    """
    if race.empty:
        print("no cell of the race has been computed yet: python benchmarks/race.py")
        return

    def show(frames: int, atoms: int, steps: float, hours: float) -> None:
        display(plot_choice(race, frames=frames, n_atoms=atoms, steps=steps, hours=hours))

    ipywidgets.interact(
        show,
        frames=_menu("labels"),
        atoms=_menu("atoms"),
        steps=_menu("steps"),
        hours=_menu("hours"),
    )


def _menu(name: str) -> ipywidgets.Dropdown:
    """The values of a plan to choose from, at first where all plans begin."""
    options = {f"{value:,.0f}": value for value in MENUS[name]}
    return ipywidgets.Dropdown(options=options, value=START[name], description=name)
