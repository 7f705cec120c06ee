"""From the corpora to the packaged pipeline: convert, train, put together, score."""

from __future__ import annotations

import argparse
import tarfile
from collections.abc import Sequence
from pathlib import Path

from spacy.cli.train import train
from spacy.language import Language
from spacy.util import registry
from thinc.api import NumpyOps, set_current_ops

from workers.language import arithmetic
from workers.language.training import (
    assemble,
    average,
    convert_names,
    convert_tests,
    convert_treebanks,
    evaluate,
    hidden,
    joined,
)

_HERE = Path(__file__).parent
#: Name of the static vectors' folder.
VECTORS = "vectors"


def main() -> None:
    """Run the steps whose results are not there yet, then score the pipeline."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder or tar of the corpora")
    parser.add_argument("--out", type=Path, required=True, help="work folder; the result is in it")
    parser.add_argument("--raw", type=Path, nargs="*", default=(), help="files of raw news")
    parser.add_argument("--evaluate", type=Path, help="only score this pipeline, train nothing")
    options = parser.parse_args()
    converted, pipeline = options.out / "converted", options.out / assemble.NAME
    if not converted.exists():
        convert(unpacked(options.data, options.out / "corpora"), converted)
    if options.evaluate is None:
        if not options.raw:
            parser.error("--raw: name files of news (JSON lines), they are learned from too")
        read_raw(options.raw, converted, options.out)
        model = trained("pipeline", "train", options.out)
        wide, averaged, narrow = (options.out / name for name in ("wide", "average", "narrow"))
        hidden.main(model, wide, hidden.WIDE)
        further = trained("headlines", "train-headlines", options.out, start=wide)
        average.main(wide, further, averaged)
        hidden.main(averaged, narrow, hidden.SHIPPED)
        assemble.main(narrow, converted / "ud-train.spacy", pipeline)
    evaluate.main(options.evaluate or pipeline, converted)


def unpacked(data: Path, into: Path) -> Path:
    """Return the folder of the corpora, unpacking it first where it is an archive."""
    if data.is_dir():
        return data
    with tarfile.open(data) as archive:
        archive.extractall(into, filter="data")
    return into


def convert(data: Path, out: Path) -> None:
    """Convert all corpora; all or nothing, so that it can be resumed."""
    building = out.with_name(f"{out.name}.part")
    convert_treebanks.main(data, building)
    convert_names.main(data, building)
    convert_tests.trees(data, building)
    convert_tests.names(data, building)
    joined.main(data, building)
    building.rename(out)


def read_raw(raw: Sequence[Path], converted: Path, out: Path) -> None:
    """Train the teacher, let it read words and the raw news, unless that was done before."""
    # torch is needed for this step alone
    from workers.language.training import (  # noqa: PLC0415
        base_model,
        raw_news,
        silver,
        teacher,
        vectors,
    )

    texts, taught = out / "raw.jsonl", out / "teacher"
    if not texts.exists():
        raw_news.write(raw, texts)
    if not (taught / "finished").exists():
        teacher.train(base_model.unpacked(out / "base"), converted, taught)
        (taught / "finished").touch()
    if not (converted / VECTORS).exists():
        vectors.main(taught, texts, converted, converted / VECTORS)
    if not (converted / f"{silver.TRAIN}.spacy").exists():
        silver.write_silver(taught, texts, converted)


def trained(leg: str, corpus: str, out: Path, start: Path | None = None) -> Path:
    """Train with spaCy unless it was done before; return the best model on the dev set.

    Args:
        leg: name of the config.
        corpus: name of the training set.
        out: work folder.
        start: the model to go on from.
    """
    folder, converted = out / leg, out / "converted"
    if not (folder / "finished").exists():
        paths = {
            "paths.train": str(converted / f"{corpus}.spacy"),
            "paths.dev": str(converted / f"{joined.DEV}.spacy"),
            "paths.vectors": str(converted / VECTORS),
        }
        if start is not None:
            paths["paths.start"] = str(start)
        train(_HERE / f"{leg}.cfg", folder, overrides=paths)
        (folder / "finished").touch()
    return folder / "model-best"


def choose_arithmetic(language: type[Language]) -> type[Language]:
    """Build what is trained with the arithmetic of `workers.language`: spaCy's own is set anew."""
    if arithmetic.is_lacking():
        set_current_ops(NumpyOps(use_blis=False))
    return language


registry.callbacks.register("fitting_arithmetic", func=lambda: choose_arithmetic)


if __name__ == "__main__":
    main()
