"""Events are dated relative to publication, each by its own time expression."""

from datetime import UTC, datetime

import pytest
from spacy.language import Language

from workers.language import load_pipeline
from workers.timing import When, when

#: a Sunday
PUBLISHED = datetime(2024, 12, 8, 10, tzinfo=UTC)
#: (trigger, sentence, first day, last day, history)
SENTENCES = [
    ("captured", "Rebels captured the town on Thursday.", "2024-12-05", "2024-12-06", False),
    ("captured", "Rebels captured the town overnight.", "2024-12-07", "2024-12-08", False),
    (
        "captured",
        "The army, which captured the port in 2016, withdrew on Friday.",
        "2016-01-01",
        "2017-01-01",
        True,
    ),
    (
        "withdrew",
        "The army, which captured the port in 2016, withdrew on Friday.",
        "2024-12-06",
        "2024-12-07",
        False,
    ),
    ("fell", "The town fell last week.", "2024-11-25", "2024-12-02", False),
    ("fell", "The town fell yesterday.", "2024-12-07", "2024-12-08", False),
    ("fell", "The town fell today.", "2024-12-08", "2024-12-08", False),
    ("fell", "The town fell on Sunday.", "2024-12-08", "2024-12-08", False),
    ("fell", "The town fell on Monday.", "2024-12-02", "2024-12-03", False),
    ("fell", "The town fell on Saturday night.", "2024-12-07", "2024-12-08", False),
    ("fell", "The town fell in 2012.", "2012-01-01", "2013-01-01", True),
    ("fell", "The town fell in March.", "2024-03-01", "2024-04-01", True),
    ("fell", "The town fell in November.", "2024-11-01", "2024-12-01", False),
    ("fell", "The town fell in March 2011.", "2011-03-01", "2011-04-01", True),
    ("fell", "The town fell on 27 November.", "2024-11-27", "2024-11-28", False),
    ("fell", "The town fell on November 27.", "2024-11-27", "2024-11-28", False),
    ("fell", "The town fell on 3 May 2015.", "2015-05-03", "2015-05-04", True),
    ("fell", "The town fell on May 3, 2015, at dawn.", "2015-05-03", "2015-05-04", True),
    ("fell", "The town fell last December.", "2023-12-01", "2024-01-01", True),
    ("fell", "The town fell in December, 2015.", "2015-12-01", "2016-01-01", True),
    ("fell", "The town fell on 27 December.", "2023-12-27", "2023-12-28", True),
    ("seized", "Gunmen seized the base two days ago.", "2024-12-05", "2024-12-06", False),
    ("seized", "Gunmen seized the base three weeks ago.", "2024-11-13", "2024-11-20", False),
    ("seized", "Gunmen seized the base five years ago.", "2019-06-10", "2020-06-09", True),
    ("seized", "Gunmen seized the base a decade ago.", "2009-12-09", "2019-12-09", True),
    ("fell", "The town fell five years ago today.", "2019-06-10", "2020-06-09", True),
    ("fell", "The town fell years ago.", "2012-12-11", "2022-12-09", True),
    ("held", "Rebels have held the city since Friday.", "2024-12-06", "2024-12-08", False),
    ("held", "Rebels have held the city since 2012.", "2012-01-01", "2024-12-08", False),
    ("resigned", "The minister resigned earlier this week.", "2024-12-02", "2024-12-08", False),
    ("resigned", "The minister resigned this month.", "2024-12-01", "2024-12-08", False),
    ("resigned", "The minister resigned last month.", "2024-11-01", "2024-12-01", False),
    ("resigned", "The minister resigned last year.", "2023-01-01", "2024-01-01", True),
    ("resigned", "The minister resigned.", "2024-12-08", "2024-12-08", False),
    ("massacre", "The 1982 massacre is still remembered.", "1982-01-01", "1983-01-01", True),
    ("fall", "The fall of the port in 2016 shocked many.", "2016-01-01", "2017-01-01", True),
    (
        "attacked",
        "Militants attacked the base on Wednesday morning.",
        "2024-12-04",
        "2024-12-04",
        False,
    ),
    (
        "attacked",
        "Militants attacked the base in the past week.",
        "2024-12-01",
        "2024-12-08",
        False,
    ),
    ("capture", "Rebels capture the town", "2024-12-08", "2024-12-08", False),
    ("attack", "The rebels will attack on Monday.", "2024-12-02", "2024-12-03", False),
    ("shelled", "Troops shelled the village last night.", "2024-12-07", "2024-12-08", False),
    ("shelled", "Troops shelled the village in the 1990s.", "1990-01-01", "2000-01-01", True),
    (
        "captured",
        "Rebels captured the dam on Tuesday and the bridge on Friday.",
        "2024-12-03",
        "2024-12-04",
        False,
    ),
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    """The packaged pipeline."""
    return load_pipeline()


def date(nlp: Language, text: str, trigger: str) -> When:
    """The time of a trigger of a sentence."""
    return when(next(token for token in nlp(text) if token.text == trigger), PUBLISHED)


@pytest.mark.parametrize(("trigger", "text", "start", "end", "history"), SENTENCES)
def test_sentence(
    nlp: Language, trigger: str, text: str, start: str, end: str, *, history: bool
) -> None:
    """Given a sentence, its event lies in the days that a person would say."""
    found = date(nlp, text, trigger)
    days = (found.start.date().isoformat(), found.end.date().isoformat(), found.history)
    assert days == (start, end, history), found


@pytest.mark.parametrize("text", [row[1] for row in SENTENCES])
def test_nothing_happens_after_publication(nlp: Language, text: str) -> None:
    """Whatever the word, start <= end <= published."""
    for token in nlp(text):
        found = when(token, PUBLISHED)
        assert found.start <= found.end <= PUBLISHED


#: (trigger, sentence, first day, last day) of what is to come
PLANS = [
    ("withdraw", "The army will withdraw on Monday.", "2024-12-09", "2024-12-10"),
    ("withdraw", "The army will withdraw by Friday.", "2024-12-08", "2024-12-14"),
    ("meet", "Ministers will meet on 3 February.", "2025-02-03", "2025-02-04"),
    ("resign", "The premier will resign in June.", "2025-06-01", "2025-07-01"),
    ("meet", "Ministers will meet next week.", "2024-12-09", "2024-12-16"),
    ("meet", "Ministers will meet next month.", "2025-01-01", "2025-02-01"),
    ("meet", "Ministers will meet next year.", "2025-01-01", "2026-01-01"),
    ("meet", "Ministers will meet tomorrow.", "2024-12-09", "2024-12-10"),
]


@pytest.mark.parametrize(("trigger", "text", "start", "end"), PLANS)
def test_plans_lie_ahead(nlp: Language, trigger: str, text: str, start: str, end: str) -> None:
    """The Monday of a plan is the next one."""
    word = next(token for token in nlp(text) if token.text == trigger)
    found = when(word, PUBLISHED, future=True)
    assert (found.start.date().isoformat(), found.end.date().isoformat()) == (start, end)


#: (trigger, sentence, first day) of what is not told to have happened
UNSURE = [
    ("leave", "Elders want the militia to leave by Tuesday.", "2024-12-08"),
    ("fallen", "The town may have fallen on Tuesday.", "2024-12-03"),
]


@pytest.mark.parametrize(("trigger", "text", "start"), UNSURE)
def test_deadlines_lie_ahead(nlp: Language, trigger: str, text: str, start: str) -> None:
    """What may have happened, did so before."""
    word = next(token for token in nlp(text) if token.text == trigger)
    assert when(word, PUBLISHED, unsure=True).start.date().isoformat() == start


#: (trigger, sentence, first day) of clauses that hang on a dated one
HANGING = [
    ("taken", "They left on Saturday, eleven days after they had taken it.", "2024-11-26"),
    ("resigned", "He resigned and fled to the coast on Tuesday.", "2024-12-03"),
    ("began", "Thirty years after the siege began, survivors lit candles.", "1994-06-16"),
    ("took", "Nobody spoke of the town, which the army took last autumn.", "2024-09-01"),
    ("caught", "He fled on Friday and was caught the same night in a barn.", "2024-12-06"),
    ("thrown", "They tried to storm the fort on Friday and were thrown back.", "2024-12-06"),
    (
        "battle",
        "Gunmen raided the market on Friday, killing six guards in a gun battle.",
        "2024-12-06",
    ),
    ("talks", "The parties opened a round of talks in Geneva on Friday.", "2024-12-06"),
    ("seized", "The mayor came home on Friday, the day after gunmen had seized him.", "2024-12-05"),
]


@pytest.mark.parametrize(("trigger", "text", "start"), HANGING)
def test_a_clause_takes_its_time_from_the_one_it_hangs_on(
    nlp: Language, trigger: str, text: str, start: str
) -> None:
    """Without an expression of its own."""
    assert date(nlp, text, trigger).start.date().isoformat() == start
