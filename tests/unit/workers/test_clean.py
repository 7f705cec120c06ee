"""Noise goes, news stays whole, credits are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.clean import Cleaned, clean

#: (title, text, clean title, clean text, credit)
ITEMS = [
    (
        "<b>Rebels take the port</b>",
        "<p>Rebels took the port.</p>",
        "Rebels take the port",
        "Rebels took the port.",
        None,
    ),
    ("LIVE: Rebels take port", "", "Rebels take port", "", None),
    ("BREAKING: Rebels take port", "", "Rebels take port", "", None),
    ("UPDATE 2-Rebels take port", "", "Rebels take port", "", None),
    ("WATCH: Rebels take port", "", "Rebels take port", "", None),
    ("Video: Rebels take port", "", "Rebels take port", "", None),
    ("Opinion | The port must hold", "", "The port must hold", "", None),
    ("Rebels take the port | Levant Wire", "", "Rebels take the port", "", None),
    ("Rebels take the port - Levant Times", "", "Rebels take the port", "", None),
    ("Rebels take the port - army", "", "Rebels take the port - army", "", None),
    ("Rebels take port: monitor", "", "Rebels take port: monitor", "", None),
    ("", "BEIRUT (Reuters) - Rebels took it.", "", "Rebels took it.", "Reuters"),
    ("", "DAMASCUS, Syria (AP) \u2014 Rebels took it.", "", "Rebels took it.", "AP"),
    ("", "(Levant Wire) - Rebels took it.", "", "Rebels took it.", "Levant Wire"),
    ("", "Rebels took it. (Reuters)", "", "Rebels took it.", "Reuters"),
    (
        "",
        "Rebels took it.\nReporting by A. Writer; editing by B. Desk",
        "",
        "Rebels took it.",
        None,
    ),
    (
        "",
        "Rebels took it.\nLevant Wire contributed to this report.",
        "",
        "Rebels took it.",
        "Levant Wire",
    ),
    ("", "Rebels took it.\n(with agencies)", "", "Rebels took it.", "agencies"),
    (
        "",
        "<p>One fell.</p><ul><li>Other headline</li><li>Third headline</li></ul>",
        "",
        "One fell.",
        None,
    ),
    ("", "<ul><li>The port fell on Monday.</li></ul>", "", "The port fell on Monday.", None),
    ("", "One fell.\nRead more", "", "One fell.", None),
    ("", "One fell.\nSign up for our newsletter", "", "One fell.", None),
    ("", "One fell. The post One fell appeared first on Levant Times.", "", "One fell.", None),
    ("", "By Ann Writer\nOne fell.", "", "One fell.", None),
    ("", "Tom &amp;amp; Ann fled<br/>west.", "", "Tom & Ann fled\nwest.", None),
    ("", "<p>One fell.</p><figure><figcaption>A man</figcaption></figure>", "", "One fell.", None),
    ("", "Photograph: A. Person/Agency\nOne fell.", "", "One fell.", None),
    ("", "Losses rose &lt; 5 in May.", "", "Losses rose < 5 in May.", None),
    ("", "<p>a  b&nbsp;c</p>", "", "a b c", None),
    ("Kyiv: a city waits", "", "Kyiv: a city waits", "", None),
    ("#BREAKING Rebels take port", "", "Rebels take port", "", None),
    ("Watch live: Rebels take port", "", "Rebels take port", "", None),
    ("[Video] Rebels take port", "", "Rebels take port", "", None),
    ("Rebels take port (VIDEO)", "", "Rebels take port", "", None),
    ("Rebels take port \u2013 live updates", "", "Rebels take port", "", None),
    ("Port latest: rebels land - as it happened", "", "Port latest: rebels land", "", None),
    ("", "READ MORE: Rebels take the port\nTalks began.", "", "Talks began.", None),
    ("", "RELATED: Rebels take port\nTalks began.", "", "Talks began.", None),
    ("", "Talks began.<br>- Rebels take port<br>- Army flees west", "", "Talks began.", None),
    ("", "Talks began.\nAlso in the news:\nRebels take port", "", "Talks began.", None),
    ("", "More on this story\nRebels take port\nTalks began.", "", "Talks began.", None),
    ("", "Rebels rest. Photograph: Tom Reed/Levant Images\nTalks began.", "", "Talks began.", None),
    (
        "",
        "FILE - Rebels after the fall in 2019. (Tom Reed)\nTalks began.",
        "",
        "Talks began.",
        None,
    ),
    ("", "FILE PHOTO: Rebels in the port, 2019\nTalks began.", "", "Talks began.", None),
    ("", "Image caption Rebels in the port\nTalks began.", "", "Talks began.", None),
    ("", "9 May 2031, 10:12 GMT\nRebels took it.", "", "Rebels took it.", None),
    ("", "10:12 GMT Rebels took it.", "", "Rebels took it.", None),
    ("", "Southern Europe correspondent\nRebels took it.", "", "Rebels took it.", None),
    ("", "Rebels took it.\n\u2013 Levant Wire", "", "Rebels took it.", "Levant Wire"),
    ("", "Rebels took it. \u2014 AFP", "", "Rebels took it.", "AFP"),
    (
        "",
        "Rebels took it. This article was produced by Levant Wire.",
        "",
        "Rebels took it.",
        "Levant Wire",
    ),
    ("", "Rebels took it, Levant Wire said.", "", "Rebels took it, Levant Wire said.", None),
]


@pytest.mark.parametrize(("title", "text", "bare_title", "bare_text", "credit"), ITEMS)
def test_item(title: str, text: str, bare_title: str, bare_text: str, credit: str | None) -> None:
    """Given an item of a feed, its news and its credit are left."""
    assert clean(title, text) == Cleaned(bare_title, bare_text, credit)


@pytest.mark.parametrize("item", ITEMS)
def test_cleaning_again_changes_nothing(item: tuple[str, str, str, str, str | None]) -> None:
    """Clean text is clean."""
    once = clean(item[0], item[1])
    again = clean(once.title, once.text)
    assert (again.title, again.text) == (once.title, once.text)


@given(st.text(alphabet="<>&;:-|()aA \n./\"'#x0\u2014", max_size=80), st.text(max_size=80))
def test_garbage_is_harmless(text: str, other: str) -> None:
    """Any text is cleaned without an error, and once is enough."""
    once = clean(other, text)
    again = clean(once.title, once.text)
    assert (again.title, again.text) == (once.title, once.text)
