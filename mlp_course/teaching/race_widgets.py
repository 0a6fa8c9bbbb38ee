"""The race to play with: choose what is compared, choose a plan."""

import ipywidgets
import pandas as pd
from IPython.display import display

from mlp_course.teaching.figures import Picture
from mlp_course.teaching.plots import plot_bars
from mlp_course.teaching.race_plots import QUANTITIES, plot_choice


def explore_race(race: pd.DataFrame) -> None:
    """Show one quantity of one round as bars, with menus for molecule, frames and quantity.

    Args:
        race: from ``load_race``; without a cell a line says so.
    """
    if race.empty:
        print("no cell of the race has been computed yet: python benchmarks/race.py")
        return
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

    Example:
        >>> columns = ["method", "molecule", "n_train", "force_mae", "force_mae_error"]
        >>> rows = [("ANI", "ethanol", 50, 70.0, 1.0), ("MACE", "ethanol", 50, 40.0, 1.0)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> plot_round(race, "ethanol", 50, quantity="force_mae")
        Bars of force MAE / (meV/Å): MACE 40, ANI 70
    """
    own = race[(race["molecule"] == molecule) & (race["n_train"] == n_train)]
    own = own.sort_values(quantity).set_index("method")
    errors = own["force_mae_error"].to_dict() if quantity == "force_mae" else None
    return plot_bars(own[quantity].to_dict(), quantity=QUANTITIES[quantity], errors=errors)


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
        frames=ipywidgets.Dropdown(options=[50, 100, 200, 400, 950], value=200),
        atoms=ipywidgets.Dropdown(options=[9, 100, 1000], value=9),
        steps=ipywidgets.Dropdown(
            options={"10⁴": 1e4, "10⁵": 1e5, "10⁶": 1e6, "10⁷": 1e7}, value=1e6
        ),
        hours=ipywidgets.Dropdown(options=[1, 10, 100, 1000], value=10),
    )
