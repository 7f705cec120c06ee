"""Tries the pipelines and the reader that a config names, for `monitor check`: each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.config.problems import Problem
from monitor.config.yamlfile import Document, read
from monitor.settings import Config
from workers.language import PipelineError, load_pipeline
from workers.languages import ENGLISH
from workers.readers import ReaderError, load_reader


def check_pipelines(config: Config, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Load every pipeline and the reader that the config names; yield what is wrong with them."""
    path = config.root / "monitor.yaml"
    document = read(path, environ=environ) if path.exists() else Document(file=str(path))
    several = isinstance(config.settings.workers.pipeline, dict)
    for language, name in config.pipelines.items():
        key = ("workers", "pipeline", *([language] if several else []))
        try:
            load_pipeline(name, language)
        except PipelineError as error:
            expected = f"a spaCy pipeline that works ({error.there})"
            yield document.problem(key, expected, found=f'"{name}", {error.why}')
            continue
        if language != ENGLISH:
            yield document.problem(
                key,
                "no events from its articles: they are parsed and names are found in them, "
                "but events are read in English only",
                found=f'the language "{language}", which has no lexicon',
                severity="warning",
            )
    if (named := config.settings.workers.reader) is not None:
        try:
            load_reader(named)
        except ReaderError as error:
            expected = "module:Class of a reader, and the options that it takes"
            yield document.problem(("workers", "reader", "use"), expected, found=error.why)
