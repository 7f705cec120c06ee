"""Puts together the transformer that the teacher starts from.

all-mpnet-base-v2 (Apache-2.0; MPNet of Song et al. 2020, tuned on sentence pairs) lies in the package
index as the parts of one zip, a part a wheel. `requirements.txt` names the wheels.
"""

from __future__ import annotations

import shutil
import zipfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

NAME = "all-mpnet-base-v2"
PARTS = tuple(f"{NAME}-pypi-part-{number:03}" for number in range(1, 6))


def unpacked(into: Path) -> Path:
    """Return the folder of the transformer, unpacking it first where it is not there.

    Raises:
        SystemExit: a wheel is not installed; the message says what to do.
    """
    folder = into / NAME
    if folder.is_dir():
        return folder
    into.mkdir(parents=True, exist_ok=True)
    archive, building = into / f"{NAME}.zip", into / f"{NAME}.part"
    with archive.open("wb") as whole:
        for part in PARTS:
            with _part(part).open("rb") as piece:
                shutil.copyfileobj(piece, whole)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(building)
    archive.unlink()
    (building / NAME).rename(folder)
    shutil.rmtree(building)
    return folder


def _part(package: str) -> Path:
    try:
        found = files(package) or []
    except PackageNotFoundError:
        raise SystemExit(
            f"{package} is not installed: pip install -r workers/language/training/requirements.txt"
        ) from None
    return next(Path(str(file.locate())) for file in found if ".zip." in file.name)
