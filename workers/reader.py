"""Reads articles: language, a cheap look for anything tracked, the parse, events, claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from spacy.language import Language
from spacy.tokens import Doc, Token

from monitor.ontology import Ontology
from monitor.records import Article, Claim, Factuality, Reading
from monitor.watchlist import Source, Watchlist
from workers.actors import name_actors, name_conquerors
from workers.claims import World, claims_of
from workers.clean import clean
from workers.events import Event, find_events
from workers.factuality import assess
from workers.frames import (
    is_elect,
    is_fiction,
    is_imagined,
    is_laid_to_rest,
    is_open,
    is_scenario,
    is_told_from_afar,
    is_wanted,
)
from workers.gazetteer import Gazetteer
from workers.language import load_pipeline
from workers.lexicon import Lexicon
from workers.lexicon import load as load_lexicon
from workers.mentions import Mention
from workers.openplaces import with_towns
from workers.syntax import is_alternative
from workers.timing import when

#: characters below which a text is too short to tell its language
SHORT = 120
#: characters of an article that are read; what follows repeats the background
LONGEST = 20_000
_BORDERS = re.compile(r"\s*\n\s*")
_DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
_SENTENCE_ENDS = frozenset('.!?:;"\u201d')
_SPACES = re.compile(r"\s")
_WORDS = re.compile(r"[^\W_]+")


def segments(body: str) -> list[str]:
    """Cut a text where its title or a paragraph ends; one character is lost at each cut.

    The parser was trained on sentences without line ends and stumbles over them, so what remains
    of them becomes spaces. Joined with one character between, the segments have the length and
    the offsets of the text.
    """
    found, start = [], 0
    for border in _BORDERS.finditer(body):
        title = "\n" not in body[: border.start()]
        ends = title or border[0].count("\n") > 1 or body[border.start() - 1] in _SENTENCE_ENDS
        if ends and body[start : border.start()].strip() and body[border.end() :].strip():
            found.append(body[start : border.start()])
            start = border.start() + 1
    found.append(body[start:])
    return [_SPACES.sub(" ", segment) for segment in found]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article with all that was read in it; ``doc`` is None when it was not parsed."""

    article: Article
    reading: Reading
    doc: Doc | None = None
    mentions: tuple[Mention, ...] = ()
    events: tuple[Event, ...] = ()
    #: why it was not parsed: ``set_aside``, or ``skipped:<language>``
    skipped: str | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the reading."""
        return self.reading.claims


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def pipeline(name: str) -> Language:
    """Load a pipeline once a process.

    Raises:
        workers.language.PipelineError: there is no such pipeline, or it is of no use.
    """
    return load_pipeline(name)


@dataclass(slots=True)
class Reader:
    """Turns articles into claims about the subjects of the watchlists."""

    ontology: Ontology
    watchlists: Sequence[Watchlist]
    sources: Mapping[str, Source]
    pipeline: str = "en_news_sm"
    #: read without a watchlist too: every place and actor with a name is open
    open_world: bool = False
    #: offsets stay those of the input: for `monitor extract`
    verbatim: bool = False
    gazetteer: Gazetteer = field(init=False)
    lexicon: Lexicon = field(init=False)
    _nlp: Language = field(init=False)
    _traces: list[frozenset[str]] = field(init=False)
    _world: World = field(init=False)

    def __post_init__(self) -> None:
        self._nlp = pipeline(self.pipeline)
        self.gazetteer = Gazetteer(self._nlp, self.watchlists)
        self.lexicon = load_lexicon()
        self._traces = self.gazetteer.words()
        self._world = World(
            self.ontology,
            self.gazetteer.places,
            self.gazetteer.actors,
            self.sources,
            self.open_world,
        )

    @contextmanager
    def memory(self) -> Iterator[None]:
        """Free after the block what the words of its texts took.

        A pipeline remembers every word it ever saw; in a process that reads for months that
        would be a leak. Documents read inside the block must not be used after it.
        """
        with self._nlp.memory_zone():
            yield

    def keep_offsets(self) -> None:
        """Read texts as they are, so that offsets are those of the input, and places openly.

        For `monitor extract`, which also claims control of places that nobody tracks.
        """
        self.verbatim = True
        self._world = replace(self._world, open_world=True)
        self._traces = []

    def read(self, articles: Sequence[Article]) -> Iterator[ReadArticle]:
        """Read a batch; the answers come in the order of the articles."""
        agencies: list[str | None] = []
        texts = []
        for article in articles:
            text, credit = self._text(article)
            texts.append(text)
            agencies.append(credit)
        why = [self._skip(article, text) for article, text in zip(articles, texts, strict=True)]
        chosen = [segments(text) for text, no in zip(texts, why, strict=True) if no is None]
        parsed = self._nlp.pipe((part for parts in chosen for part in parts), batch_size=64)
        docs = (_joined([next(parsed) for _ in parts]) for parts in chosen)
        for article, reason, credit in zip(articles, why, agencies, strict=True):
            if reason is None:
                yield self._of_doc(article, next(docs), credit)
            else:
                yield ReadArticle(article, _reading(article, ()), skipped=reason)

    def _text(self, article: Article) -> tuple[str, str | None]:
        if self.verbatim:
            return article.body[:LONGEST], None
        cleaned = clean(article.title, article.text)
        text = "\n".join(part for part in (cleaned.title, cleaned.text) if part)
        return text[:LONGEST], self._agency(cleaned.credit)

    def _agency(self, credit: str | None) -> str | None:
        """Return the source id of a credited wire agency."""
        if credit is None:
            return None
        name = credit.casefold()
        return next(
            (
                source_id
                for source_id, source in self.sources.items()
                if source.wire and name in {source.name.casefold(), source_id}
            ),
            None,
        )

    def _skip(self, article: Article, text: str) -> str | None:
        """Return why an article need not be parsed, None when it must be."""
        words = set(_WORDS.findall(text.lower()))
        traced = not self._traces or any(trace <= words for trace in self._traces)
        if not traced or words.isdisjoint(self.lexicon.forms):
            return "set_aside"
        language = self._language(article, text)
        return None if language == "en" else f"skipped:{language}"

    def _language(self, article: Article, text: str) -> str:
        hint = (article.language or "").lower()[:2]
        if hint == "en" or len(text) < SHORT:
            return hint or "en"
        found, certainty = _identifier().classify(text)
        if hint and certainty < 0.99:  # noqa: PLR2004 — a feed knows its own language
            return hint
        return str(found)

    def _of_doc(self, article: Article, doc: Doc, credit: str | None) -> ReadArticle:
        mentions = self.gazetteer.mentions(doc)
        if self._world.open_world:
            mentions = with_towns(doc, mentions)
        events = find_events(doc, mentions, self.lexicon)
        name_actors(events, mentions, self.gazetteer)
        scenario = is_scenario(article.title)
        fiction = is_fiction(article.title)
        for event in events:
            _weigh(event, doc[event.trigger[0]], mentions, article, scenario=scenario)
            event.history = event.history or fiction
        name_conquerors(events, mentions, self.gazetteer)
        # what an ontology leaves out is not told
        events = [event for event in events if event.id in self.ontology.events]
        sentences = {
            event.sentence[0]: doc[event.sentence[0] : event.sentence[1]].text.strip()
            for event in events
        }
        claims = claims_of(article, events, sentences, self._world, credit)
        return ReadArticle(article, _reading(article, claims), doc, tuple(mentions), tuple(events))


def _joined(docs: list[Doc]) -> Doc:
    return docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=True)


def _weigh(
    event: Event,
    trigger: Token,
    mentions: Sequence[Mention],
    article: Article,
    *,
    scenario: bool,
) -> None:
    """Fill in how sure the text is, and when it happened."""
    verdict = assess(trigger, agent=event.agent, patient=event.patient, mentions=mentions)
    event.factuality = verdict.factuality
    event.attribution = verdict.attribution
    event.attributed_to = verdict.attributed_to
    event.cues = verdict.cues
    if event.factuality in _DEEDS:
        imagined = is_imagined(trigger, scenario=scenario)
        if imagined or is_alternative(trigger) or is_open(trigger):
            event.factuality = Factuality.POSSIBLE
        elif is_wanted(trigger):
            event.factuality = Factuality.PLANNED
        elif is_laid_to_rest(trigger):
            event.factuality = Factuality.NEGATED
    if event.id == "take-office" and event.factuality is Factuality.PLANNED and is_elect(trigger):
        event.id, event.factuality = "win-election", Factuality.CONFIRMED
    time = when(trigger, article.published)
    event.start, event.end = time.start, time.end
    event.history, event.time = time.history or is_told_from_afar(trigger), time.text


def _reading(article: Article, claims: tuple[Claim, ...]) -> Reading:
    return Reading(article=article.id, revision=article.revision, seen=article.seen, claims=claims)
