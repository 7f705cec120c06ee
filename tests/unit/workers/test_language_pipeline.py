"""The packaged pipeline loads, reads news, and says in one line why another does not load."""

import json
import shutil
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from tests import tiny
from workers.language import LABELS, PACKAGED, PipelineError, load_pipeline
from workers.language.training.hidden import resize

FOLDER = Path(load_pipeline.__code__.co_filename).with_name(PACKAGED)


@pytest.fixture(scope="module")
def nlp() -> Language:
    """Give the packaged pipeline."""
    return load_pipeline()


def test_reads_who_did_what_to_whom(nlp: Language) -> None:
    """An ordinary news sentence has its subject, object, lemmas and names."""
    doc = nlp("Rebels captured the city of Hama on Thursday.")

    relations = {token.text: token.dep_ for token in doc}
    assert relations["Rebels"] == "nsubj"
    assert relations["city"] == "obj"
    assert doc[1].lemma_ == "capture"
    assert ("Hama", "place") in [(ent.text, LABELS.get(ent.label_)) for ent in doc.ents]


def test_reads_passives(nlp: Language) -> None:
    """Who was captured, and by whom, is told apart."""
    doc = nlp("Hama was captured by rebels on Thursday.")

    relations = {token.text: token.dep_ for token in doc}
    assert relations["Hama"] == "nsubj:pass"
    assert relations["rebels"] == "obl:agent"


def test_every_label_means_something(nlp: Language) -> None:
    """No entity label of the packaged pipeline is unknown to the product."""
    assert set(nlp.get_pipe("ner").labels) <= set(LABELS)


def test_a_wider_parser_reads_as_before() -> None:
    """New hidden units are passed over until they have learned something."""
    narrow, wide = spacy.load(FOLDER), spacy.load(FOLDER)

    resize(wide, 160)

    text = "Rebels captured Hama on Thursday, residents said, after the army had left its suburbs."
    trees = [[(word.dep_, word.head.i) for word in nlp(text)] for nlp in (narrow, wide)]
    assert trees[0] == trees[1]
    assert wide.config["components"]["parser"]["model"]["hidden_width"] == 160


def test_a_narrower_parser_goes_without_what_matters_least() -> None:
    """Units that are passed over are the first to go: widened and narrowed, it reads as before."""
    nlp = spacy.load(FOLDER)
    text = "Rebels captured Hama on Thursday, residents said, after the army had left its suburbs."
    before = [(word.dep_, word.head.i) for word in nlp(text)]
    units = nlp.config["components"]["parser"]["model"]["hidden_width"]

    resize(nlp, units + 32)
    resize(nlp, units)

    assert [(word.dep_, word.head.i) for word in nlp(text)] == before


def test_config_tells_nothing_of_the_training_machine() -> None:
    """The packaged files hold no absolute path."""
    assert "/" not in (FOLDER / "config.cfg").read_text(encoding="utf-8").replace("://", "")


def test_unknown_name_is_one_clear_line() -> None:
    """A pipeline that is not installed is named, and so is what is installed."""
    with pytest.raises(PipelineError) as caught:
        load_pipeline("en_core_web_none")

    message = str(caught.value)
    assert "\n" not in message
    assert "'en_core_web_none': not installed" in message
    assert PACKAGED in message


def test_damaged_file_is_one_clear_line(tmp_path: Path) -> None:
    """A pipeline with a damaged file is refused by name."""
    broken = shutil.copytree(FOLDER, tmp_path / "broken")
    (broken / "ner" / "model").write_bytes(b"\x00\x01 damaged")

    with pytest.raises(PipelineError, match=r"broken'.*cannot be loaded"):
        load_pipeline(str(broken))


def test_truncated_file_is_one_clear_line(tmp_path: Path) -> None:
    """A pipeline of which half was copied is refused by name."""
    half = shutil.copytree(FOLDER, tmp_path / "half")
    weights = half / "parser" / "model"
    weights.write_bytes(weights.read_bytes()[:100_000])

    with pytest.raises(PipelineError, match=r"half'.*cannot be loaded"):
        load_pipeline(str(half))


def test_folder_without_meta_is_one_clear_line(tmp_path: Path) -> None:
    """A folder that is no pipeline is refused with what is missing in it."""
    (tmp_path / "other").mkdir()

    with pytest.raises(PipelineError, match=r"other'.*cannot be loaded.*meta\.json"):
        load_pipeline(str(tmp_path / "other"))


def test_path_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    """It is no package that could be installed."""
    with pytest.raises(PipelineError, match=r"none': no such folder; installed: en_news_sm"):
        load_pipeline(str(tmp_path / "none"))


def test_other_spacy_is_one_clear_line(tmp_path: Path) -> None:
    """A pipeline made for another spaCy is refused before its parts fail one by one."""
    old = shutil.copytree(FOLDER, tmp_path / "old")
    meta = json.loads((old / "meta.json").read_text(encoding="utf-8"))
    (old / "meta.json").write_text(json.dumps(meta | {"spacy_version": ">=3.0,<3.1"}))

    with pytest.raises(PipelineError, match="made for another version of spaCy"):
        load_pipeline(str(old))


@pytest.mark.parametrize("absent", ["ner", "parser", "lemmatizer", "tagger"])
def test_pipeline_without_a_part_is_refused(tmp_path: Path, absent: str) -> None:
    """A pipeline that lacks a component that the rules need is refused."""
    partial = tiny.pipeline(tmp_path / "partial", without=[absent])

    with pytest.raises(PipelineError, match=f"has no {absent};"):
        load_pipeline(str(partial))


def test_pipeline_with_other_trees_is_refused(tmp_path: Path) -> None:
    """Rules written for one scheme would run over another and find nothing."""
    tiger = tiny.pipeline(tmp_path / "tiger", relations=tiny.TIGER)

    with pytest.raises(PipelineError, match="another scheme than Universal Dependencies or Clear"):
        load_pipeline(str(tiger))


def test_pipeline_with_clearnlp_trees_gives_universal_ones(tmp_path: Path) -> None:
    """Those of spaCy's own English pipelines are turned into what the rules read."""
    clearnlp = tiny.pipeline(tmp_path / "clearnlp", relations=tiny.CLEARNLP)

    nlp = load_pipeline(str(clearnlp))

    doc = nlp("Hama was captured by rebels.")
    assert nlp.pipe_names[-1] == "clearnlp_to_ud"
    assert not {token.dep_ for token in doc} & {"nsubjpass", "dobj", "pobj", "prep"}


def test_pipeline_of_another_language_needs_fewer_parts(tmp_path: Path) -> None:
    """Only names are looked for: any trees will do, but the language must be the one asked for."""
    german = tiny.pipeline(
        tmp_path / "german", "de", relations=tiny.TIGER, without=["tagger", "lemmatizer"]
    )

    assert load_pipeline(str(german), "de").lang == "de"
    with pytest.raises(PipelineError, match="is for language 'de', not 'fr'"):
        load_pipeline(str(german), "fr")
