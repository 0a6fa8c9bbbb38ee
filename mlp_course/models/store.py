"""Model files: weights in safetensors, no pickle, with all it takes to trust and rebuild them."""

import hashlib
import json
import os
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from mlp_course.data.whole_files import write_whole
from mlp_course.models.build import build_model
from mlp_course.models.potential import Potential

_FORMAT = "mlp-course potential 1"
_SHIPPED = Path(__file__).parent / "shipped"


class ModelFileError(ValueError):
    """A model file is foreign, damaged or was changed after it was saved."""


def digest(tensors: dict[str, Tensor], text: str) -> str:
    """SHA-256 over names, shapes and bytes of tensors and a text."""
    total = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        value = tensors[name].detach().cpu().contiguous()
        total.update(f"{name}{tuple(value.shape)}{value.dtype}".encode())
        total.update(value.view(-1).view(torch.uint8).numpy().tobytes() if value.numel() else b"")
    return total.hexdigest()


def write_tensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write a safetensors file: after a kill or a full disk it is there whole or not at all."""
    contiguous = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}

    def write(part: Path) -> None:
        save_file(contiguous, part, metadata=metadata)
        with part.open("rb+") as file:
            os.fsync(file.fileno())

    write_whole(path, write)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Read all tensors and the metadata of a safetensors file, refusing anything else."""
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"no file {path}")
    try:
        with safe_open(path, framework="pt") as file:
            names = file.keys()
            return {name: file.get_tensor(name) for name in names}, file.metadata() or {}
    except SafetensorError as error:
        raise ModelFileError(
            f"{path} is not a whole safetensors file ({error}): it is damaged or of another kind; "
            "pickled .pt and .pth files are refused because opening one can run any program"
        ) from error


def save_model(model: Potential, path: str | Path, *, provenance: dict | None = None) -> None:
    """Save a potential without pickle.

    Args:
        model: from :func:`build_model`, trained or not.
        path: file to write, by custom ``*.safetensors``; replaced in one step.
        provenance: anything that can be JSON: data, script, date, machine, seconds. Default: what
            a file that the model was loaded from says, unless it was trained further.

    Raises:
        ValueError: if the model was not made by ``build_model`` and so could not be rebuilt.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> model = build_model("schnet", n_features=8)
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "schnet.safetensors"
        ...     save_model(model, path, provenance={"seconds": 300})
        ...     load_model(path).provenance
        {'seconds': 300}
    """
    if not model.settings:
        raise ValueError(
            "only potentials made by build_model can be saved: others cannot be rebuilt"
        )
    description = json.dumps(
        {
            "settings": model.settings,
            "provenance": provenance if provenance is not None else model.provenance,
        }
    )
    tensors = model.state_dict()
    metadata = {
        "format": _FORMAT,
        "description": description,
        "sha256": digest(tensors, description),
    }
    write_tensors(Path(path), tensors, metadata)


def load_model(path: str | Path) -> Potential:
    """Load a potential saved by :func:`save_model`; ``model.provenance`` says where it comes from.

    Args:
        path: the file.

    Returns:
        The potential in evaluation mode.

    Raises:
        FileNotFoundError: if there is no such file.
        ModelFileError: if the file is foreign, damaged or was changed after it was saved.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> model = build_model("painn", n_features=8, seed=1)
        >>> with TemporaryDirectory() as folder:
        ...     save_model(model, Path(folder) / "painn.safetensors")
        ...     again = load_model(Path(folder) / "painn.safetensors")
        >>> all(map(torch.equal, again.parameters(), model.parameters()))  # the same weights
        True
    """
    tensors, metadata = read_tensors(Path(path))
    if metadata.get("format") != _FORMAT:
        raise ModelFileError(
            f"{path} holds no potential of this course (format {metadata.get('format')!r}, "
            f"expected {_FORMAT!r}): load it with the program that wrote it"
        )
    if metadata.get("sha256") != digest(tensors, metadata.get("description", "")):
        raise ModelFileError(f"{path} was changed after it was saved: get or train it again")
    description = json.loads(metadata["description"])
    model = build_model(**description["settings"])
    weights = (value for name, value in tensors.items() if name.startswith("architecture."))
    precisions = (value.dtype for value in weights if value.is_floating_point())
    model.architecture.to(next(precisions, model.dtype))
    model.load_state_dict(tensors)
    model.provenance = description["provenance"]
    return model.eval()


def list_shipped() -> list[str]:
    """Names of the trained potentials that come with the course.

    Example:
        >>> "ethanol_schnet" in list_shipped()
        True
    """
    return sorted(path.stem for path in _SHIPPED.glob("*.safetensors"))


def load_shipped(name: str) -> Potential:
    """Load a trained potential that comes with the course.

    Args:
        name: one of :func:`list_shipped`.

    Returns:
        The potential in evaluation mode; ``model.provenance`` says how it was trained.

    Raises:
        ValueError: if there is none of that name.

    Example:
        >>> load_shipped("ethanol_schnet").species  # ethanol is made of H, C and O
        [1, 6, 8]
    """
    if name not in list_shipped():
        raise ValueError(f"no shipped model {name!r}; there are: {', '.join(list_shipped())}")
    return load_model(_SHIPPED / f"{name}.safetensors")
