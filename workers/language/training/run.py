"""From the corpora to the packaged pipeline: convert, train, put together, score."""

from __future__ import annotations

import argparse
import tarfile
from collections.abc import Sequence
from pathlib import Path

from spacy.cli.train import train

from workers.language.training import (
    assemble,
    convert_names,
    convert_tests,
    convert_treebanks,
    evaluate,
    joined,
    vectors,
)

_HERE = Path(__file__).parent


def main() -> None:
    """Run the steps whose results are not there yet, then score the pipeline."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder or tar of the corpora")
    parser.add_argument("--out", type=Path, required=True, help="work folder; the result is in it")
    parser.add_argument(
        "--raw", type=Path, nargs="*", default=(), help="files of raw news; without, no second leg"
    )
    parser.add_argument("--evaluate", type=Path, help="only score this pipeline, train nothing")
    options = parser.parse_args()
    converted = options.out / "converted"
    if not converted.exists():
        convert(unpacked(options.data, options.out / "corpora"), converted)
    if options.evaluate is None:
        pipeline = options.out / assemble.NAME
        model = trained("gold", converted, options.out)
        if options.raw:
            read_raw(options.raw, converted, options.out)
            model = trained("silver", converted, options.out, start=model)
        assemble.main(model, converted / "ud-train.spacy", pipeline)
    evaluate.main(options.evaluate or pipeline, converted)


def unpacked(data: Path, into: Path) -> Path:
    """Return the folder of the corpora, unpacking it first where it is an archive."""
    if data.is_dir():
        return data
    with tarfile.open(data) as archive:
        archive.extractall(into, filter="data")
    return into


def convert(data: Path, out: Path) -> None:
    """Convert all corpora and write the vectors; all or nothing, so that it can be resumed."""
    building = out.with_name(f"{out.name}.part")
    convert_treebanks.main(data, building)
    convert_names.main(data, building)
    convert_tests.trees(data, building)
    convert_tests.names(data, building)
    joined.main(data, building)
    vectors.main(building / "vectors")
    building.rename(out)


def read_raw(raw: Sequence[Path], converted: Path, out: Path) -> None:
    """Train the teacher and let it read the raw news, unless that was done before."""
    # torch is needed for this step alone
    from workers.language.training import base_model, raw_news, silver, teacher  # noqa: PLC0415

    if (converted / f"{silver.SILVER}.spacy").exists():
        return
    texts, taught = out / "raw.jsonl", out / "teacher"
    raw_news.write(raw, texts)
    if not (taught / "finished").exists():
        teacher.train(base_model.unpacked(out / "base"), converted, taught)
        (taught / "finished").touch()
    silver.write_silver(taught, texts, converted)


def trained(leg: str, converted: Path, out: Path, start: Path | None = None) -> Path:
    """Train with spaCy unless it was done before; return the best model on the dev set."""
    folder = out / leg
    if not (folder / "finished").exists():
        paths = {
            "paths.train": str(converted / f"{leg}-train.spacy"),
            "paths.dev": str(converted / "gold-dev.spacy"),
            "paths.vectors": str(converted / "vectors"),
        }
        if start is not None:
            paths["paths.start"] = str(start)
        train(_HERE / f"{leg}.cfg", folder, overrides=paths)
        (folder / "finished").touch()
    return folder / "model-best"


if __name__ == "__main__":
    main()
