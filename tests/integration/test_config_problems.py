"""Mistyped configurations: each one line that names file, line and key and what to do."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.config import ConfigError, load, read

LIST = """\
places:
  homs:
    name: Homs
    aliases: [Hims]
    held_by: syrian-government
    tags: [capital]
  hama:
    name: Hama
actors:
  syrian-government:
    name: Syrian government
    kind: government
  hts:
    name: Tahrir
    kind: armed-group
    aliases: [the rebels]
  leader:
    name: A. Leader
    kind: person
"""

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Case:
    """A config folder that has mistakes, and the lines that must be said about it."""

    id: str
    says: list[str]
    files: dict[str, str | bytes] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)


def watchlist(id_: str, old: str, new: str, *says: str) -> Case:
    """Break the watchlist by a replacement."""
    assert old in LIST
    lines = [f"config/watchlists/syria.yaml:{line}" for line in says]
    return Case(id_, lines, {"watchlists/syria.yaml": LIST.replace(old, new, 1)})


def rule(id_: str, body: str, *says: str) -> Case:
    """Add a rule, whose first key stands on line 21."""
    text = f"{LIST}rules:\n  - {{name: r, {body}}}\n"
    lines = [f"config/watchlists/syria.yaml:21: {line}" for line in says]
    return Case(id_, lines, {"watchlists/syria.yaml": text})


def settings(id_: str, text: str, *says: str, **environ: str) -> Case:
    """Write a monitor.yaml."""
    return Case(
        id_, [f"config/monitor.yaml{line}" for line in says], {"monitor.yaml": text}, environ
    )


def feeds(id_: str, text: str, *says: str, sources: str = "sources: {}\n") -> Case:
    """Write a feeds.yaml and a sources.yaml."""
    lines = [f"config/feeds.yaml{line}" for line in says]
    return Case(id_, lines, {"feeds.yaml": text, "sources.yaml": sources})


def sources(id_: str, text: str, *says: str) -> Case:
    """Write a sources.yaml."""
    return Case(id_, [f"config/sources.yaml{line}" for line in says], {"sources.yaml": text})


ID = "an id: small letters and digits with single dashes between, such as deir-ez-zor"
SPAN = "a length of time such as 90s, 15m, 2h or 1d"
HOOK = "channels:\n  desk:\n    type: webhook\n    url: https://a.example/hook\n"
PLACE_KEYS = "one of aliases, country, geonames, held_by, name, tags"

CASES = [
    # what YAML itself refuses
    settings(
        "tab",
        "fetch:\n\tinterval: 5m\n",
        ":2: found a tab, expected spaces: YAML is indented with spaces only",
    ),
    settings(
        "colon in text",
        "namespace: a: b\n",
        ':1: found a ":" that makes a second key on the line, or a deeper indent, expected quotes '
        'around text that holds ": ", and keys of one mapping in one column',
    ),
    feeds(
        "list never closed",
        "feeds:\n  a:\n    url: https://a.example/x\n    tags: [one, two\n  b:\n    url: x\n",
        ':4: found a "[" that is not closed, expected "]" at the end of the list',
    ),
    settings(
        "quote never closed",
        'redis: "embedded\n\ngrace: 5s\n',
        ":1: found a quote that is not closed, expected the same quote at the end of the text",
    ),
    settings(
        "pipelines by a name for a language",
        "workers:\n  pipeline: {english: en_news_sm, fr: }\n",
        ':2: workers.pipeline.english: found "english" as a key, expected a language code of two '
        "small letters, such as en",
        ":2: workers.pipeline.fr: found nothing, expected text",
    ),
    settings(
        "pipelines as a list",
        "workers:\n  pipeline: [en_news_sm]\n",
        ":2: workers.pipeline: found a list, expected text or keys and values, indented below the "
        "key",
    ),
    settings(
        "line without a colon",
        "grace: 5s\nnamespace\nfsync: always\n",
        ':2: found a line that is neither a key nor a value, expected "key: value", or "- " in '
        "front of a list item",
    ),
    settings(
        "at sign",
        "namespace: @here\n",
        ':1: found "@" at the start of a value, expected quotes around the value',
    ),
    settings(
        "uneven indent",
        "fetch:\n   interval: 5m\n  timeout: 5s\n",
        ":3: found a line that is indented differently from its neighbours, expected keys of one "
        "mapping, and items of one list, in one column",
    ),
    settings(
        "alias without anchor",
        "namespace: *here\n",
        ':1: found a "*" name that no "&" defines, expected quotes around text that starts with *',
    ),
    settings(
        "top-level keys in two columns",
        "  grace: 5s\nnamespace: a\n",
        ":2: found a line that is indented differently from its neighbours, expected keys of one "
        "mapping, and items of one list, in one column",
    ),
    settings(
        "a list item beside its key",
        "log: - level\n",
        ':1: found a "-" where no list can begin, expected each list item on a line of its own, '
        "below its key",
    ),
    settings(
        "exclamation mark",
        "namespace: !urgent news\n",
        ':1: found a "!" at the start of a value, expected quotes around the value',
    ),
    settings(
        "ampersand",
        "namespace: & co\n",
        ':1: found a "&" or "*" at the start of a value, expected quotes around the value',
    ),
    settings(
        "greater than",
        "namespace: > 5 places\n",
        ':1: found a ">" or "|" at the start of a value, expected quotes around the value',
    ),
    settings(
        "two documents",
        "grace: 5s\n---\ngrace: 6s\n",
        ':2: found a second "---", expected one document a file',
    ),
    Case(
        "not UTF-8",
        [
            "config/monitor.yaml:2: found byte 0xe9, which is not UTF-8, expected a file saved as UTF-8"
        ],
        {"monitor.yaml": b"grace: 5s\nnamespace: caf\xe9\n"},
    ),
    Case(
        "a control character",
        [
            (
                "config/monitor.yaml:2: found a control character, "
                "expected plain text; delete the character"
            )
        ],
        {"monitor.yaml": "grace: 5s\nnamespace: a\x07b\n"},
    ),
    watchlist(
        "the same place twice",
        "  hama:\n",
        "  homs:\n",
        "7: places.homs: found the key a second time (first on line 2), expected each key once",
    ),
    # keys and types
    settings(
        "unknown key",
        "fetch:\n  intervall: 5m\n",
        ":2: fetch.intervall: found an unknown key, expected one of backoff_max, concurrency, "
        'interval, max_age, max_bytes, max_items, pause_above, timeout, user_agent; did you mean "interval"?',
    ),
    watchlist(
        "unknown key of a place",
        "    held_by: syrian-government",
        "    heldby: syrian-government",
        f'5: places.homs.heldby: found an unknown key, expected {PLACE_KEYS}; did you mean "held_by"?',
    ),
    feeds(
        "feeds without the word feeds",
        "bbc:\n  url: https://a.example/x\n",
        ":1: bbc: found an unknown key, expected feeds",
    ),
    settings(
        "a list instead of keys",
        "- grace: 5s\n",
        ":1: found a list, expected keys and values, indented below the key",
    ),
    settings(
        "a word instead of keys",
        "fetch: fast\n",
        ':1: fetch: found "fast", expected keys and values, indented below the key',
    ),
    settings(
        "text instead of a number",
        "fetch:\n  max_items: many\n",
        ':2: fetch.max_items: found "many", expected a whole number',
    ),
    settings(
        "out of range",
        "fetch: {concurrency: 65}\nmetrics:\n  port: 99999\n",
        ":1: fetch.concurrency: found 65, expected at most 64",
        ":3: metrics.port: found 99999, expected at most 65535",
    ),
    settings(
        "a span without a unit that exists",
        "grace: 5 minutes\n",
        f':1: grace: found "5 minutes", expected {SPAN}',
    ),
    settings(
        "a span of zero",
        "fetch:\n  timeout: 0s\n",
        ':2: fetch.timeout: found "0s", expected more than 0s',
    ),
    settings(
        "a size without a unit that exists",
        "fetch:\n  max_bytes: 10 megs\n",
        ':2: fetch.max_bytes: found "10 megs", expected a number of bytes such as 500kB or 10MB',
    ),
    settings(
        "one of two kinds",
        "workers:\n  processes: atuo\n",
        ':2: workers.processes: found "atuo", expected auto or a whole number; did you mean "auto"?',
    ),
    settings(
        "unknown choice",
        "log:\n  level: warn\n",
        ':2: log.level: found "warn", expected one of debug, info, warning, error; did you mean "warning"?',
    ),
    settings(
        "redis mistyped",
        "redis: embeded\n",
        ':1: redis: found "embeded", expected embedded, or a URL: redis://, rediss://, unix:// or '
        'redis+sentinel://; did you mean "embedded"?',
    ),
    settings(
        "redis with a password",
        "redis: reddis://:hunter2@db.example:6379/0\n",
        ':1: redis: found "reddis://…@db.example:6379/…", expected embedded, or a URL: redis://, '
        "rediss://, unix:// or redis+sentinel://",
    ),
    settings(
        "heartbeat too slow",
        "queue:\n  claim_after: 10s\n  heartbeat: 10s\n",
        ":3: queue.heartbeat: found one that is not shorter, expected a heartbeat shorter than claim_after",
    ),
    watchlist(
        "missing name",
        "    name: Homs\n",
        "",
        "2: places.homs.name: found nothing, expected this key, which is required",
    ),
    watchlist(
        "empty name",
        "    name: Hama\n",
        '    name: ""\n',
        '8: places.hama.name: found "", expected text that is not empty',
    ),
    watchlist(
        "a number for a name",
        "    name: Hama\n",
        "    name: 7\n",
        "8: places.hama.name: found 7, expected text (put it in quotes)",
    ),
    watchlist(
        "an entry without keys",
        "  hama:\n    name: Hama\n",
        "  hama:\n",
        "7: places.hama: found nothing, expected keys and values, indented below the key",
    ),
    watchlist(
        "id with capitals",
        "  hama:\n",
        "  Hama City:\n",
        f'7: places.Hama City: found "Hama City" as a key, expected {ID}; did you mean "hama-city"?',
    ),
    watchlist(
        "country in words",
        "    tags: [capital]",
        "    country: Syria",
        '6: places.homs.country: found "Syria", expected a country code of two capital letters, such as SY',
    ),
    watchlist(
        "unknown actor kind",
        "    kind: armed-group",
        "    kind: armed group",
        '15: actors.hts.kind: found "armed group", expected one of government, armed-group, '
        'organization, person; did you mean "armed-group"?',
    ),
    watchlist(
        "aliases as one text",
        "    aliases: [Hims]",
        "    aliases: Hims",
        '4: places.homs.aliases: found "Hims", expected a list',
    ),
    watchlist(
        "a mapping of aliases",
        "    aliases: [Hims]",
        "    aliases: {a: Hims}",
        "4: places.homs.aliases: found keys and values, expected a list",
    ),
    # environment variables
    settings(
        "variable not set",
        HOOK + "    secret: ${DESK_SECRET}\n",
        ":5: channels.desk.secret: found ${DESK_SECRET}, expected the environment variable "
        'DESK_SECRET to be set; did you mean "DESK_SECRETS"?',
        DESK_SECRETS="hunter2",
    ),
    settings(
        "variable of a wrong type",
        "metrics:\n  port: ${PORT}\n",
        ':2: metrics.port: found "${PORT}", expected a whole number',
        PORT="hunter2",
    ),
    settings(
        "no variable name",
        "namespace: ${1 2}\n",
        ':1: namespace: found "${1 2}", expected a variable name in ${…}, such as ${DESK_SECRET}',
    ),
    # channels
    settings(
        "unknown channel type",
        "channels:\n  desk: {type: webhok}\n",
        ':2: channels.desk.type: found "webhok", expected one of webhook, stdout, log; did you mean "webhook"?',
    ),
    settings(
        "channel without a type",
        "channels:\n  desk:\n    url: https://a.example/\n",
        ":2: channels.desk.type: found nothing, expected one of log, stdout, webhook",
    ),
    settings(
        "webhook without its keys",
        "channels:\n  desk:\n    type: webhook\n    urll: https://a.example/hook\n",
        ":2: channels.desk.url: found nothing, expected this key, which is required",
        ":2: channels.desk.secret: found nothing, expected this key, which is required",
        ":4: channels.desk.urll: found an unknown key, expected one of give_up_after, secret, "
        'timeout, type, url; did you mean "url"?',
    ),
    settings(
        "webhook URL with a secret path",
        f"channels:\n  desk:\n    type: webhook\n    url: htps://a.example/hunter2\n    secret: {SECRET}\n",
        ':4: channels.desk.url: found "htps://a.example/…", expected a URL that starts with http:// or https://',
    ),
    settings(
        "secret that is none",
        HOOK + "    secret: whsec_hunter2!\n",
        ":5: channels.desk.secret: found a value that is no secret (not shown), expected whsec_ "
        "and base64, as `monitor secret` writes it",
    ),
    settings(
        "secret from the environment that is none",
        HOOK + "    secret: ${DESK}\n",
        ":5: channels.desk.secret: found a value that is no secret (not shown), expected whsec_ "
        "and base64, as `monitor secret` writes it",
        DESK="hunter2!",
    ),
    settings(
        "secret that is a number",
        HOOK + "    secret: 12345678\n",
        ":5: channels.desk.secret: found a value that is not shown, expected text (put it in quotes)",
    ),
    settings(
        "secret that is short",
        HOOK + "    secret: whsec_aHVudGVyMg==\n",
        ":5: warning: channels.desk.secret: found a secret of 7 bytes, expected 24 to 64, as "
        "`monitor secret` makes them",
    ),
    # feeds and sources
    feeds(
        "feed of an unknown source",
        "feeds:\n  a:\n    url: https://a.example/x\n    source: herold\n",
        ':4: feeds.a.source: found "herold", expected the id of a source in sources.yaml; did you mean "herald"?',
        sources="sources:\n  herald: {name: Herald}\n",
    ),
    feeds(
        "feed URL twice",
        "feeds:\n  a:\n    url: https://a.example/x\n  b:\n    url: https://A.example/x\n",
        ":5: warning: feeds.b.url: found the URL of a (line 3) again, expected each URL once",
    ),
    feeds(
        "feed URL without a scheme",
        "feeds:\n  a:\n    url: a.example/rss\n",
        ':3: feeds.a.url: found "a.example/rss", expected a URL that starts with http:// or https://',
    ),
    feeds(
        "empty feeds file",
        "# nothing yet\n",
        ": warning: found an empty file, expected feeds: and entries below it, or no file",
    ),
    sources(
        "unknown grade",
        "sources:\n  a:\n    name: A\n    grade: G\n",
        ':4: sources.a.grade: found "G", expected one of A, B, C, D, E, F',
    ),
    sources(
        "domain as a URL",
        "sources:\n  a:\n    name: A\n    domains:\n      - https://www.a.example/news\n",
        ':5: sources.a.domains[#1]: found "https://www.a.example/news", expected a bare domain '
        'such as bbc.co.uk; did you mean "a.example"?',
    ),
    sources(
        "domain of two sources",
        "sources:\n  a: {name: A, domains: x.example}\n  b: {name: B, domains: x.example}\n",
        ':3: sources.b.domains: found "x.example", which a (line 2) has too, expected each domain at one source',
    ),
    sources(
        "party mistyped",
        "sources:\n  a:\n    name: A\n    party: syrian-goverment\n",
        ':4: warning: sources.a.party: found "syrian-goverment", expected the id of an actor; '
        'did you mean "syrian-government"?',
    ),
    # watchlists against everything else
    watchlist(
        "held by nobody known",
        "syrian-government\n    tags",
        "syrian-goverment\n    tags",
        '5: places.homs.held_by: found "syrian-goverment", expected the id of an actor; '
        'did you mean "syrian-government"?',
    ),
    watchlist(
        "a place and an actor under one id",
        "  leader:\n",
        "  homs:\n",
        "17: actors.homs: found the id of a place too (line 2), expected another id for one of them",
    ),
    watchlist(
        "an alias of two subjects",
        "    name: Tahrir\n",
        "    name: hims\n",
        '14: warning: actors.hts.name: found "hims", which homs has too (config/watchlists/'
        "syria.yaml:4), expected a name that only one subject has; where it stands alone, the "
        "context decides",
    ),
    watchlist(
        "another name than the file",
        "places:\n",
        "name: lebanon\nplaces:\n",
        '1: name: found "lebanon", expected syria: a watchlist is named by its file; delete the line',
    ),
    rule(
        "rule of an unknown facet",
        "facet: controll",
        'rules[r].facet: found "controll", expected one of control, threat, posture, leadership, '
        'diplomacy, support; did you mean "control"?',
    ),
    rule(
        "rule of an unknown subject",
        "subject: [homs, hamma]",
        'rules[r].subject[#2]: found "hamma", expected the id of a subject of this watchlist; did you mean "hama"?',
    ),
    rule(
        "rule of an unknown value",
        "facet: threat, to: beseiged",
        'rules[r].to: found "beseiged", expected one of none, threatened, under-attack, contested, '
        'besieged (values of threat); did you mean "besieged"?',
    ),
    rule(
        "rule of an unknown actor",
        "facet: control, from: [syrian-government], to: [htts]",
        'rules[r].to[#1]: found "htts", expected the id of an actor (values of control); did you mean "hts"?',
    ),
    rule(
        "rule of a value of another facet",
        "facet: control, to: besieged",
        'rules[r].to: found "besieged", expected the id of an actor (values of control)',
    ),
    rule(
        "rule of an unknown tag",
        "tags: captial",
        'rules[r].tags: found "captial", expected a tag that a subject carries (capital); did you mean "capital"?',
    ),
    rule(
        "rule of a country without subjects",
        "country: LB",
        'rules[r].country: found "LB", expected the country of a subject (none has one)',
    ),
    rule(
        "rule that waits for no length of time",
        "for: a while",
        'rules[r].for: found "a while", expected a length of time such as 90s, 15m, 2h or 1d',
    ),
    rule(
        "rule with an answer that there is not",
        "on_fade: tell",
        'rules[r].on_fade: found "tell", expected one of alert, silent',
    ),
    rule(
        "rule whose facet its subjects do not have",
        "subjects: homs, facet: posture",
        "rules[r].facet: found posture, which no place has, expected one of control, threat; "
        "the rule can never match",
    ),
    rule(
        "rule whose subjects do not carry its tag",
        "subjects: hama, tags: capital",
        "rules[r].tags: found tags that none of hama carries, expected a tag that a subject of "
        "the rule carries; the rule can never match",
    ),
    rule(
        "rule of an unknown channel",
        "channels: [dekk]",
        'rules[r].channels[#1]: found "dekk", expected a channel of monitor.yaml (it has none)',
    ),
    rule(
        "rule that alerts below any evidence",
        "confidence: baseline",
        'rules[r].confidence: found "baseline", expected one of claimed, reported, confirmed',
    ),
    rule(
        "two mistakes in one rule",
        "severity: hihg, facet: threatt",
        'rules[r].severity: found "hihg", expected one of critical, warning, info',
        'rules[r].facet: found "threatt", expected one of control, threat, posture, leadership, '
        'diplomacy, support; did you mean "threat"?',
    ),
    Case(
        "one rule name twice",
        [
            (
                'config/watchlists/syria.yaml:22: rules[r].name: found "r" a second time '
                "(first on line 21), expected each name once"
            )
        ],
        {"watchlists/syria.yaml": LIST + "rules:\n  - name: r\n  - name: r\n"},
    ),
    Case(
        "one id, two definitions",
        [
            (
                "config/watchlists/west.yaml:2: places.homs: found another definition under an id "
                "that is taken, expected the same as in config/watchlists/syria.yaml:2, or another id"
            )
        ],
        {"watchlists/west.yaml": "places:\n  homs: {name: Homs}\n"},
    ),
    Case(
        "one id, two kinds",
        [
            (
                "config/watchlists/west.yaml:2: actors.hama: found one of the actors under an id that "
                "is taken, expected the same as in config/watchlists/syria.yaml:7, or another id"
            )
        ],
        {"watchlists/west.yaml": "actors:\n  hama: {name: H, kind: person}\n"},
    ),
    Case(
        "one GeoNames id, two places",
        [
            (
                "config/watchlists/west.yaml:3: warning: places.b.geonames: found 5, which a has too, "
                "expected an id of its own"
            )
        ],
        {
            "watchlists/west.yaml": (
                "places:\n  a: {name: A, geonames: 5}\n  b: {name: B, geonames: 5}\n"
            )
        },
    ),
    Case(
        "empty watchlist",
        ["config/watchlists/west.yaml: found an empty file, expected places:, actors: and rules:"],
        {"watchlists/west.yaml": ""},
    ),
    Case(
        "watchlist of nothing",
        [
            (
                "config/watchlists/west.yaml:1: found nothing to track, expected a place or an actor "
                "under places: or actors:"
            )
        ],
        {"watchlists/west.yaml": "places: {}\n"},
    ),
    Case(
        "watchlist file with a blank",
        [
            (
                'config/watchlists/My West.yaml: found the file name "My West", '
                f'expected {ID}; did you mean "my-west"?'
            )
        ],
        {"watchlists/My West.yaml": "places:\n  a: {name: A}\n"},
    ),
    Case(
        "files that nobody reads",
        [
            (
                "config/feed.yaml: warning: found a file that is not read, expected monitor.yaml, "
                'feeds.yaml, sources.yaml, ontology.yaml; did you mean "feeds.yaml"?'
            ),
            (
                "config/watchlists/west.yml: warning: found a file that is not read, expected a name "
                'that ends in .yaml; did you mean "west.yaml"?'
            ),
        ],
        {"feed.yaml": "feeds: {}\n", "watchlists/west.yml": "places: {}\n"},
    ),
    # the ontology
    Case(
        "ontology with unknown words",
        [
            (
                'config/ontology.yaml:3: facets.open.kind: found "stat", expected one of state, '
                'level; did you mean "state"?'
            ),
            (
                'config/ontology.yaml:6: events.close.type: found "RETREET", expected one of AGREE, '
                "CONSULT, SUPPORT, CONCEDE, COOPERATE, AID, RETREAT, REQUEST, ACCUSE, REJECT, "
                'THREATEN and 5 more; did you mean "RETREAT"?'
            ),
        ],
        {
            "ontology.yaml": (
                "facets:\n  open: {applies_to: [place], values: [yes, no],\n    kind: stat}\n"
                "events:\n  close:\n    type: RETREET\n"
            )
        },
    ),
    Case(
        "ontology effects",
        [
            (
                'config/ontology.yaml:8: events.close.effects[#1].facet: found "opn", expected open; '
                'did you mean "open"?'
            ),
            (
                'config/ontology.yaml:9: events.close.effects[#2].value: found "shut", expected one '
                "of yes, no, @agent, @patient"
            ),
        ],
        {
            "ontology.yaml": (
                "facets:\n  open:\n    applies_to: [place]\n    values: [yes, no]\n"
                "events:\n  close:\n    type: RETREAT\n    effects: "
                "[{role: place, facet: opn, value: no},\n"
                "      {role: place, facet: open, value: shut}]\n"
            )
        },
    ),
    Case(
        "empty ontology",
        [
            "config/ontology.yaml: found an empty file, expected facets: and events:, or no file at all"
        ],
        {"ontology.yaml": ""},
    ),
    # what a broken file might hold is not held against the others
    Case(
        "a watchlist that is no YAML",
        [
            (
                "config/watchlists/other.yaml:2: found the end of the file inside "
                '"[" or "{", expected the closing bracket'
            )
        ],
        {
            "watchlists/other.yaml": "actors: [\n",
            "watchlists/west.yaml": (
                "places:\n  a: {name: A, held_by: someone}\n"
                "rules:\n  - {name: r, facet: control, to: someone}\n"
            ),
        },
    ),
    Case(
        "settings and sources that are no YAML",
        [
            'config/monitor.yaml:1: found "@" at the start of a value, expected quotes around the value',
            'config/sources.yaml:1: found "@" at the start of a value, expected quotes around the value',
        ],
        {
            "monitor.yaml": "channels: @\n",
            "sources.yaml": "sources: @\n",
            "feeds.yaml": "feeds:\n  a: {url: 'https://a.example', source: someone}\n",
            "watchlists/west.yaml": (
                "places:\n  a: {name: A}\nrules:\n  - {name: r, channels: someone}\n"
            ),
        },
    ),
    # everything at once
    Case(
        "mistakes in every file",
        [
            'config/feeds.yaml:3: feeds.a.source: found "x", expected the id of a source in sources.yaml',
            f'config/monitor.yaml:1: grace: found "soon", expected {SPAN}',
            'config/sources.yaml:2: sources.b.grade: found "Z", expected one of A, B, C, D, E, F',
            "config/watchlists/syria.yaml:20: rules: found true, expected a list",
        ],
        {
            "monitor.yaml": "grace: soon\n",
            "feeds.yaml": "feeds:\n  a:\n    {url: 'https://a.example', source: x}\n",
            "sources.yaml": "sources:\n  b: {name: B, grade: Z}\n",
            "watchlists/syria.yaml": LIST + "rules: true\n",
        },
    ),
]


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write a config folder named ``config``, with a good watchlist unless one is given."""
    root = folder / "config"
    for name, text in {"watchlists/syria.yaml": LIST, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_mistake_is_one_line(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a broken folder, when it is read, then exactly the expected lines are said."""
    write(tmp_path, case.files)
    monkeypatch.chdir(tmp_path)
    problems, config = read(Path("config"), environ=case.environ)
    assert [str(problem) for problem in problems] == case.says
    assert (config is None) == any(problem.severity == "error" for problem in problems)
    assert "hunter2" not in "\n".join(map(str, problems))


def test_load_raises_all_problems_at_once(tmp_path: Path) -> None:
    """Given two mistakes in two files, when loading, then the error says both."""
    root = write(tmp_path, {"monitor.yaml": "grace: soon\n", "feeds.yaml": "fedes: {}\n"})
    with pytest.raises(ConfigError) as error:
        load(root, environ={})
    assert len(error.value.problems) == 2
    assert len(str(error.value).splitlines()) == 2


def test_values_nested_without_end_are_refused(tmp_path: Path) -> None:
    """Given a list inside itself and one nested too deep, then each is one line, no traceback."""
    for text in ("feeds: &a [*a]\n", "feeds: " + "[" * 1500 + "]" * 1500 + "\n"):
        problems, config = read(write(tmp_path, {"feeds.yaml": text}), environ={})
        assert config is None
        assert len(problems) == 1
        assert "nested without end" in problems[0].found


def test_a_folder_that_is_absent(tmp_path: Path) -> None:
    """Given no folder, no watchlists folder or an empty one, then one line says what to make."""
    problems, _ = read(tmp_path / "none", environ={})
    assert [problem.found for problem in problems] == ["no such folder"]
    assert "monitor init" in problems[0].expected
    (tmp_path / "config").mkdir()
    problems, _ = read(tmp_path / "config", environ={})
    assert [problem.found for problem in problems] == ["no such folder"]
    (tmp_path / "config" / "watchlists").mkdir()
    problems, _ = read(tmp_path / "config", environ={})
    assert [problem.found for problem in problems] == ["no watchlist"]
    problems, _ = read(tmp_path / "gone", environ={}, watchlists=[tmp_path / "gone.yaml"])
    assert [problem.found for problem in problems] == ["no such file"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Given a folder where a file should be, then one line says so."""
    root = write(tmp_path, {})
    (root / "monitor.yaml").mkdir()
    problems, _ = read(root, environ={})
    assert [problem.found for problem in problems] == ["no readable file (Is a directory)"]
