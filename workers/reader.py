"""Reads articles: language, a cheap look for anything tracked, the parse, events, claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from monitor.ontology import Ontology
from monitor.records import Article, Claim, Factuality, Reading
from monitor.watchlist import Source, Watchlist
from workers.acronyms import with_acronyms
from workers.actors import name_actors, name_conquerors
from workers.blanks import squeezed, widened
from workers.captives import is_captive
from workers.claims import World, claims_of, reading_of
from workers.clean import clean, is_plain
from workers.coordination import is_alternative
from workers.echoes import echoes
from workers.endings import close
from workers.events import Event, find_events
from workers.factuality import assess
from workers.factuality.sides import countries_of_place
from workers.factuality.speakers import first_person
from workers.frames import (
    is_contest,
    is_elect,
    is_game,
    is_imagined,
    is_laid_to_rest,
    is_open,
    is_scenario,
    is_told_from_afar,
    is_under_way,
    is_wanted,
    never_came,
)
from workers.gazetteer import Gazetteer
from workers.language import PACKAGED, load_pipeline
from workers.language.familiar import Familiar
from workers.languages import ENGLISH, language_of
from workers.lexicon import Lexicon
from workers.lexicon import load as load_lexicon
from workers.livepages import as_of_version
from workers.mentions import Mention
from workers.naming import Text
from workers.openplaces import is_match, with_towns
from workers.readers import ToldEvent
from workers.roles import DEEDS
from workers.scenes import place_in_time
from workers.segments import segments
from workers.sieve import Sieve
from workers.syntax import is_attribute
from workers.timing import when
from workers.titles import as_one, pieces
from workers.votes import CONTROL, is_vote

#: texts that a pipeline gets at once; more take memory and win no time
BATCH = 64
#: characters of an article that are read; what follows repeats the background
LONGEST = 20_000
#: what becomes of a deed that its sentence as a whole takes back
_DOUBTED = {
    "scenario": Factuality.POSSIBLE,
    "alternative": Factuality.POSSIBLE,
    "wanted": Factuality.POSSIBLE,
    "under way": Factuality.POSSIBLE,
    "laid to rest": Factuality.NEGATED,
}
#: what somebody holds only when it is done
_TAKEN = frozenset({"capture", "fall", "lose"})
#: words of what is to come, though it is not sure: "will meet on 3 May if the border stays quiet"
_AHEAD = frozenset({"will", "'ll", "shall"})
_HOLDS = frozenset({"capture", "capture-part", "fall", "hold", "lose"})
_FIGURES = frozenset(
    {
        "advance",
        "attack",
        "besiege",
        "besieged",
        "bomb",
        "clash",
        "defend",
        "detain",
        "enter",
        "expel",
    }
    | {"repel", "retreat", "shell", "surrender", "threaten", "withdraw", "withdrawn"}
)


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article with all that was read in it; ``doc`` is None when it was not parsed.

    ``outcome`` is ``read``, ``set_aside`` (nothing of interest in it), ``names_only:<language>``
    (the rules and the lexicon are English) or ``skipped:<language>`` (no pipeline reads that).
    """

    article: Article
    reading: Reading
    doc: Doc | None = None
    mentions: tuple[Mention, ...] = ()
    events: tuple[Event, ...] = ()
    outcome: str = "read"
    #: a reader of another make was asked, too, and failed
    lacking: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the reading."""
        return self.reading.claims


@cache
def pipeline(name: str, language: str = ENGLISH) -> Language:
    """Load a pipeline once a process.

    Raises:
        workers.language.PipelineError: there is no such pipeline, or it is of no use.
    """
    return load_pipeline(name, language)


@dataclass(frozen=True, slots=True)
class _Tongue:
    """One language that is read: its pipeline, and the watchlists' names in its documents."""

    nlp: Language
    gazetteer: Gazetteer
    familiar: Familiar


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to become of an article: a language and an outcome, as in :class:`ReadArticle`."""

    article: Article
    language: str
    outcome: str
    #: what of it is parsed
    text: str = ""
    #: all of it
    whole: str = ""
    #: source id of the wire agency that it credits
    credit: str | None = None

    @property
    def is_parsed(self) -> bool:
        return bool(self.text)


@dataclass(slots=True)
class Reader:
    """Turns articles into claims about the subjects of the watchlists.

    Only English makes claims. An article in another language that has a pipeline is parsed, and
    the names in it are found.
    """

    ontology: Ontology
    watchlists: Sequence[Watchlist]
    sources: Mapping[str, Source]
    #: language -> name or path of its pipeline; English has one in any case
    pipelines: Mapping[str, str] = field(default_factory=dict)
    #: read without a watchlist too: every place and actor with a name is open
    open_world: bool = False
    #: offsets stay those of the input: for `monitor extract`
    verbatim: bool = False
    gazetteer: Gazetteer = field(init=False)
    lexicon: Lexicon = field(init=False)
    _tongues: dict[str, _Tongue] = field(init=False)
    #: what it does not let through is not parsed
    _sieve: Sieve = field(init=False)
    _world: World = field(init=False)

    def __post_init__(self) -> None:
        self._tongues = {}
        for language, name in {ENGLISH: PACKAGED, **self.pipelines}.items():
            nlp = pipeline(name, language)
            names = Gazetteer(nlp, self.watchlists)
            self._tongues[language] = _Tongue(nlp, names, Familiar(nlp))
        self.gazetteer = self._tongues[ENGLISH].gazetteer
        self.lexicon = load_lexicon()
        self._sieve = Sieve(self.lexicon, self.ontology, self.gazetteer.traces())
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
        would be a leak, so only words that come often are kept. Documents read inside the block
        must not be used after it.
        """
        with ExitStack() as stack:
            for tongue in self._tongues.values():
                stack.enter_context(tongue.nlp.memory_zone())
            yield
        for tongue in self._tongues.values():
            tongue.familiar.keep()

    def keep_offsets(self) -> None:
        """Read texts as they are, so that offsets are those of the input, and places openly.

        For `monitor extract`, which also claims control of places that nobody tracks.
        """
        self.verbatim = True
        self._world = replace(self._world, open_world=True)
        self.lift_sieve()

    def lift_sieve(self) -> None:
        """Parse whole what has any word of an event, whoever is tracked: nothing is lost, at a price."""
        self._sieve = Sieve(self.lexicon, self.ontology)

    def read(self, articles: Sequence[Article]) -> Iterator[ReadArticle]:
        """Read a batch; the answers come in the order of the articles."""
        plans = [self._plan(article) for article in articles]
        for plan in plans:
            if plan.is_parsed:
                self._tongues[plan.language].familiar.meet(plan.text)
        docs = {
            language: _parsed(
                tongue.nlp,
                [
                    _parts(plan.text, titled=bool(plan.article.title) and plan.language == ENGLISH)
                    for plan in plans
                    if plan.language == language and plan.is_parsed
                ],
            )
            for language, tongue in self._tongues.items()
        }
        for plan in plans:
            article = plan.article
            if not plan.is_parsed:
                yield ReadArticle(article, reading_of(article, ()), outcome=plan.outcome)
            elif plan.language == ENGLISH:
                yield self._of_doc(plan, next(docs[plan.language]))
            else:
                doc = next(docs[plan.language])
                names = tuple(self._tongues[plan.language].gazetteer.mentions(doc))
                yield ReadArticle(
                    article, reading_of(article, ()), doc, names, outcome=plan.outcome
                )

    def events(self, article: Article) -> list[ToldEvent]:
        """Return what an article says happened, by names, as any other reader does."""
        with self.memory():
            (read,) = self.read([article])
            return (
                [] if read.doc is None else [_told_event(event, read.doc) for event in read.events]
            )

    def _text(self, article: Article) -> tuple[str, str | None]:
        if self.verbatim:
            return article.body[:LONGEST], None
        if is_plain(article.body) and not self._sieve.named(article.body):
            # it can only lose by cleaning
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

    def _plan(self, article: Article) -> _Plan:
        text, credit = self._text(article)
        language = language_of(text, article.language, self.lexicon.forms)
        if language not in self._tongues:
            return _Plan(article, language, f"skipped:{language}")
        named = self._sieve.named(text)
        if named and language != ENGLISH:
            return _Plan(article, language, f"names_only:{language}", text)
        if named and (needed := self._sieve.sifted(text, named)):
            return _Plan(article, language, "read", needed, text, credit)
        return _Plan(article, language, "set_aside")

    def _of_doc(self, plan: _Plan, doc: Doc) -> ReadArticle:
        article = as_of_version(plan.article)
        mentions = self.gazetteer.mentions(doc)
        if self._world.open_world:
            mentions = with_acronyms(doc, with_towns(doc, mentions))
        named = Text(doc, mentions, plan.whole)
        events = find_events(named, self.lexicon)
        if self._world.open_world:
            events = [
                event
                for event in events
                if not (is_match(event) or is_captive(event, doc, mentions))
            ]
        name_actors(events, mentions, self.gazetteer)
        scenario = is_scenario(article.title)
        for event in events:
            trigger, where = doc[event.trigger[0]], self._countries(event)
            _weigh(event, trigger, mentions, article, scenario=scenario, where=where)
        place_in_time(doc, events, plan.text, article)
        events += echoes(named, events)
        close(events, doc, article.published)
        name_conquerors(events, mentions, self.gazetteer)
        # what an ontology leaves out is not told
        events = [
            event
            for event in events
            if event.id in self.ontology.events
            and not is_contest(doc[event.trigger[0]])
            and not (_is_fought(event) and not named.is_of_war and is_game(doc[event.trigger[0]]))
            and not (event.id in CONTROL and is_vote(doc[event.trigger[0]]))
        ]
        sentences = {
            event.sentence[0]: doc[event.sentence[0] : event.sentence[1]].text.strip()
            for event in events
        }
        claims = claims_of(article, events, sentences, self._world, plan.credit)
        return ReadArticle(
            plan.article, reading_of(plan.article, claims), doc, tuple(mentions), tuple(events)
        )

    def _countries(self, event: Event) -> frozenset[str]:
        """Return the countries in which an event may have happened; none if nobody can tell.

        Nor where a place is held or taken: its own government tells that against its interest.
        """
        if event.place is None or event.id.removesuffix("-open") in _HOLDS:
            return frozenset()
        if (country := self.gazetteer.countries.get(event.place.subject or "")) is not None:
            return frozenset({country})
        return countries_of_place(event.place) if self._world.open_world else frozenset()


def _is_fought(event: Event) -> bool:
    """Tell what is said of players and firms in figures of speech."""
    return event.id.removesuffix("-open") in _HOLDS | _FIGURES


def _told_event(event: Event, doc: Doc) -> ToldEvent:
    """Return an event with the names of who and what has a role in it; a part is not the whole."""

    def name(mention: Mention | None) -> str | None:
        if mention is None or (mention.generic and not mention.subject):
            return None  # "rebels" who are nobody's here must not become somebody's by their name
        return mention.text if mention.part else mention.identity

    return ToldEvent(
        event=event.id,
        sentence=doc[event.sentence[0] : event.sentence[1]].text.strip(),
        agent=name(event.agent),
        patient=name(event.patient),
        place=name(event.place),
        factuality=event.factuality,
        attribution=name(event.attributed_to) or event.attribution,
        start=event.start,
        end=event.end,
        history=event.history or event.over,
    )


def parse(nlp: Language, text: str) -> Doc:
    """Parse one text as it is parsed in reading: cut where it must be, offsets kept."""
    return next(_parsed(nlp, [_parts(text)]))


def _parts(text: str, *, titled: bool = False) -> list[list[str]]:
    """Cut a text into what is parsed as one, its title into the pieces of that."""
    first, *others = segments(text)
    return [pieces(first) if titled else [first], *([other] for other in others)]


def _parsed(nlp: Language, texts: Iterable[Sequence[Sequence[str]]]) -> Iterator[Doc]:
    """Yield a document for each text, which comes in segments, and those in pieces."""
    texts = list(texts)
    parts = nlp.pipe(
        (squeezed(part) for text in texts for segment in text for part in segment),
        batch_size=BATCH,
    )
    for text in texts:
        yield _joined(
            [as_one([widened(next(parts), part) for part in segment]) for segment in text]
        )


def _joined(docs: list[Doc]) -> Doc:
    return docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=True)


def _weigh(
    event: Event,
    trigger: Token,
    mentions: Sequence[Mention],
    article: Article,
    *,
    scenario: bool,
    where: frozenset[str],
) -> None:
    """Fill in how sure the text is, and when it happened."""
    verdict = assess(
        trigger, agent=event.agent, patient=event.patient, mentions=mentions, where=where
    )
    event.factuality = verdict.factuality
    event.attribution = verdict.attribution
    event.attributed_to = verdict.attributed_to
    event.cues = verdict.cues
    speaker = verdict.attributed_to
    if event.agent is not None and speaker is not None:
        # "'I will not resign', Okoro says"
        event.agent = first_person(event.agent.text, speaker, trigger, mentions) or event.agent
    if event.factuality is Factuality.POSSIBLE and is_laid_to_rest(trigger):
        event.factuality, event.cues = Factuality.NEGATED, (*event.cues, "laid to rest")
    if event.factuality in DEEDS:
        doubts = {
            "scenario": is_imagined(trigger, scenario=scenario),
            "alternative": is_alternative(trigger) or is_open(trigger),
            "wanted": is_wanted(trigger),
            "under way": event.id in _TAKEN and is_under_way(trigger),
            "laid to rest": is_laid_to_rest(trigger) or never_came(trigger),
        }
        doubt = next((name for name, holds in doubts.items() if holds), None)
        if doubt is not None:
            event.factuality, event.cues = _DOUBTED[doubt], (*event.cues, doubt)
    if event.id == "take-office" and event.factuality is Factuality.PLANNED and is_elect(trigger):
        event.id, event.factuality = "win-election", Factuality.CONFIRMED
    future = event.factuality is Factuality.PLANNED
    possible = event.factuality is Factuality.POSSIBLE
    time = when(
        trigger,
        article.published,
        future=future or (possible and bool(_AHEAD.intersection(event.cues))),
        unsure=possible,
    )
    if event.standing and is_attribute(trigger) and event.factuality in DEEDS:
        # "bombed rebel-held Hama, the army said": the text itself calls it so
        event.factuality, event.attribution, event.attributed_to = Factuality.CONFIRMED, None, None
    event.start, event.end = time.start, time.end
    event.history, event.time = time.history or is_told_from_afar(trigger), time.text
