"""Deeds, plans, fears, claims and denials are told apart by the syntax around the event."""

import pytest
from spacy.language import Language
from spacy.tokens import Doc, Token

from monitor.records import Factuality
from workers.factuality import COMPOSITION, FORMS, UNNAMED, Verdict, assess, cues
from workers.language import load_pipeline
from workers.mentions import Mention

#: (class, trigger, sentence)
SENTENCES = [
    ("negated", "captured", "Neither the rebels nor the army captured Hama."),
    ("negated", "hold", "Neither side does hold Hama."),
    ("negated", "captured", "The minister took back his claim that rebels had captured Hama."),
    ("negated", "captured", "The paper disowned a report that rebels captured Hama."),
    ("reported", "taken", "Word spread through the camp that the rebels had taken Hama."),
    ("confirmed", "handed", "It is not so: the army has handed the post to the rebels."),
    ("confirmed", "falls", "Hama falls to the rebels, Homs next?"),
    ("confirmed", "captured", "Rebels captured Hama on Thursday."),
    ("confirmed", "fell", "Hama fell to the rebels."),
    ("confirmed", "captured", "Hama was captured by the rebels."),
    ("confirmed", "withdrew", "The army withdrew from Hama."),
    ("confirmed", "seized", "Militants seized the border town after heavy fighting."),
    ("confirmed", "fall", "Thousands fled after the fall of Hama."),
    ("confirmed", "capture", "The president condemned the capture of Hama."),
    ("confirmed", "capture", "Crowds celebrated the capture of Hama."),
    ("confirmed", "captured", "Rebels who captured Hama are resting."),
    ("confirmed", "capture", "The rebels managed to capture the city."),
    ("confirmed", "capturing", "The rebels succeeded in capturing the city."),
    ("confirmed", "withdraw", "The army was forced to withdraw from the city."),
    ("confirmed", "withdraw", "Soldiers began to withdraw from the city."),
    ("confirmed", "capture", "The rebels did not fail to capture the city."),
    ("confirmed", "captured", "After they captured Hama, the rebels did not advance further."),
    ("confirmed", "capturing", "After capturing Hama, the rebels could move south."),
    ("confirmed", "attack", "Militants launched an attack on the base."),
    ("confirmed", "attack", "The minister denounced the attack on the port."),
    ("confirmed", "withdrawal", "The army completed its withdrawal from the valley."),
    ("confirmed", "fall", "Residents mourned the fall of the town."),
    ("confirmed", "captured", "Rebels capture Hama and captured its airport."),
    ("confirmed", "resigned", "The prime minister resigned on Monday."),
    ("confirmed", "captured", "Because rebels captured the bridge, the road is closed."),
    ("confirmed", "fall", "Why did Hama fall?"),
    ("reported", "captured", "A monitoring group said rebels captured Hama."),
    ("reported", "captured", "Rebels captured Hama, a monitor said."),
    ("reported", "captured", "According to witnesses, rebels captured Hama."),
    ("reported", "captured", "Rebels captured Hama, according to residents."),
    ("reported", "captured", "Rebels reportedly captured Hama."),
    ("reported", "fallen", "Hama is reported to have fallen."),
    ("reported", "fell", "Witnesses told a newspaper that the town fell."),
    ("reported", "capture", "State television reported the capture of Hama."),
    ("reported", "fallen", "Hama has fallen: monitor"),
    ("reported", "capture", "Rebels capture Hama - witnesses"),
    ("reported", "captured", "The observatory confirmed that rebels captured the airport."),
    ("reported", "withdrawn", "Diplomats said the troops had withdrawn."),
    ("reported", "seized", "Militants seized the dam, two residents said."),
    ("reported", "fall", "There were reports of the fall of Hama."),
    ("reported", "entered", "As a reporter wrote, the rebels entered the town."),
    ("reported", "lost", "The army admitted that it lost the town."),
    ("claimed", "captured", "The rebels said they had captured Hama."),
    ("claimed", "captured", "The rebels claimed that they captured Hama."),
    ("claimed", "captured", "Rebels captured Hama, the group's spokesman said. It is quiet."),
    ("claimed", "capture", "The rebels claimed the capture of Hama."),
    ("claimed", "repelled", "The army said it had repelled the attack."),
    ("claimed", "captured", "Russia said its forces captured the village."),
    ("claimed", "captured", "The militants boasted that they captured the base."),
    ("reported", "captured", "The rebels allegedly captured the city."),
    ("claimed", "destroyed", "The army's commander said his soldiers destroyed the depot."),
    ("claimed", "capture", "The alleged capture of the city made news."),
    ("claimed", "seized", "The junta insisted that its troops seized the town."),
    ("claimed", "capture", "The rebels announced the capture of Hama."),
    ("possible", "capture", "Rebels could capture Hama."),
    ("possible", "fall", "Hama may fall within days."),
    ("possible", "fall", "Hama might not fall."),
    ("possible", "captured", "Rebels may have captured Hama."),
    ("possible", "fall", "Residents fear that Hama will fall."),
    ("possible", "fall", "Fears of a fall of Hama are growing."),
    ("possible", "capture", "If rebels capture Hama, the road is cut."),
    ("possible", "captured", "It is unclear whether rebels captured Hama."),
    ("possible", "captured", "Have the rebels captured Hama?"),
    ("possible", "fall", "The city is likely to fall."),
    ("possible", "fall", "Will Hama fall?"),
    ("possible", "fall", "The city is at risk of a fall."),
    ("possible", "captured", "Perhaps the rebels captured the town."),
    ("possible", "capture", "The rebels appear to capture more land."),
    ("possible", "captured", "Rebels would have captured the city."),
    ("possible", "capture", "The capture of the city could take weeks."),
    ("possible", "fall", "Unless help comes, the town will fall."),
    ("possible", "capture", "The rebels tried to capture the airport."),
    ("possible", "capture", "An attempt to capture the airport was made."),
    ("possible", "capture", "The novel imagines that rebels capture the capital."),
    ("possible", "fall", "The possible fall of the city worries aid groups."),
    ("possible", "fall", "Analysts warned of the fall of the city."),
    ("possible", "captured", "The army believes that rebels captured the hill."),
    ("planned", "attack", "Rebels to attack Hama"),
    ("planned", "attack", "The rebels will attack Hama."),
    ("planned", "capture", "The rebels vowed to capture Hama."),
    ("planned", "capture", "The rebels plan to capture Hama."),
    ("planned", "attack", "The group threatened to attack the port."),
    ("planned", "attack", "The rebels are preparing to attack the city."),
    ("possible", "withdraw", "The president ordered the army to withdraw."),
    ("possible", "withdraw", "The UN called on the army to withdraw."),
    ("planned", "withdraw", "The army agreed to withdraw from the town."),
    ("possible", "withdraw", "The mayor urged the troops to withdraw."),
    ("planned", "attack", "The army is about to attack the town."),
    ("planned", "capture", "The plan to capture the city is old."),
    ("planned", "capture", "The planned capture of the city worries many."),
    ("planned", "attack", "The threat of an attack keeps people awake."),
    ("possible", "withdraw", "They demanded that the troops withdraw."),
    ("planned", "attack", "The rebels are going to attack the base."),
    ("planned", "withdraw", "The troops are set to withdraw on Friday."),
    ("planned", "withdraw", "The army must withdraw from the valley."),
    ("planned", "attack", "The army said it would plan to attack."),
    ("denied", "captured", "The army denied that rebels had captured Hama."),
    ("denied", "capture", "The army denied the capture of Hama."),
    ("denied", "capture", "The army denied reports of the capture of Hama."),
    ("denied", "captured", "The ministry dismissed claims that rebels captured Hama."),
    ("denied", "withdrawn", "The army rejected reports that it had withdrawn."),
    ("denied", "attack", "The rebels denied plans to attack the city."),
    ("negated", "fall", "False reports of the fall of the city spread."),
    ("negated", "captured", "Rebels have not captured Hama."),
    ("negated", "captured", "The rebels never captured Hama."),
    ("negated", "capture", "The rebels failed to capture Hama."),
    ("negated", "withdraw", "The army refused to withdraw from Hama."),
    ("negated", "capture", "The rebels were unable to capture the city."),
    ("negated", "capturing", "The army prevented the rebels from capturing Hama."),
    ("negated", "capture", "The rebels have yet to capture the city."),
    ("negated", "capturing", "The rebels stopped short of capturing the city."),
    ("negated", "captured", "No rebels captured the town."),
    ("negated", "captured", "No towns were captured."),
    ("negated", "attack", "The rebels have no plans to attack the city."),
    ("negated", "capturing", "The rebels left without capturing the city."),
    ("confirmed", "attack", "The army repelled an attack on the base."),
    ("confirmed", "attack", "A failed attack on the base cost lives."),
    ("negated", "attack", "The rebels will not attack the city."),
    ("negated", "capture", "The rebels cannot capture the city."),
    ("denied", "fall", "A monitor said the city did not fall."),
    ("negated", "attack", "There was no attack on the port."),
    ("negated", "withdraw", "The army does not plan to withdraw."),
    ("claimed", "recapture", "The army denied that it had failed to recapture Hama."),
    ("negated", "fallen", "Broadcaster withdraws report that Hama had fallen"),
    ("negated", "captured", "An earlier version of this article said rebels captured Hama."),
    ("negated", "captured", "The agency corrects a report that rebels captured Hama."),
    ("negated", "died", "The governor was mistakenly reported to have died."),
    ("denied", "died", "Rumours that the governor had died were denied."),
    ("denied", "captured", "Claims that rebels captured it were rejected by the army."),
    ("negated", "killed", "There was nothing to support rumours that the king was killed."),
    ("negated", "captured", "Officials found no evidence that rebels captured the town."),
    ("possible", "died", "Some posts say that the governor died."),
    ("possible", "captured", "Unverified reports say that rebels captured the town."),
    ("possible", "captured", "Rumours say that rebels captured the town."),
    ("possible", "captured", "Speculation that rebels captured the town is growing."),
    ("possible", "fled", "The president is rumoured to have fled."),
    ("reported", "captured", "The Washington Post said rebels captured the town."),
    ("confirmed", "appointed", "Amina al-Sayed appointed caretaker prime minister"),
    ("planned", "sworn", "The governor to be sworn in on Monday"),
    # what a definite noun takes for granted, and what an indefinite one does not
    ("confirmed", "attack", "The council will condemn the attack on the port."),
    ("planned", "attack", "The rebels will answer with an attack on the port."),
    ("confirmed", "bombings", "The bombings will not stop the talks."),
    # clauses that only look governed
    ("confirmed", "firing", "The soldiers did not wait, firing at once."),
    ("planned", "take", "The rebels did not cross the river to take the town."),
    ("negated", "taking", "The court disqualified him from taking office."),
    ("confirmed", "lose", "The rebels took the town, only to lose it again."),
    ("confirmed", "fled", "The garrison failed to hold the town and fled."),
    ("confirmed", "reach", "Her platoon was the first to reach the bridge."),
    ("confirmed", "took", "Nobody knows who took the town."),
    ("negated", "sign", "Rather than sign the deal, the rebels left."),
    # wishes of others, commands, intents
    ("possible", "leave", "The council insisted that the army leave the town."),
    ("possible", "Leave", "Leave the town at once."),
    ("possible", "capturing", "The army will keep the rebels from capturing the town."),
    ("possible", "capture", "Mediators hope to prevent the capture of the town."),
    ("negated", "withdraw", "The commander vowed not to withdraw."),
    ("confirmed", "attack", "The garrison fended off the attack."),
    ("negated", "talks", "The rebels rejected talks."),
    # conditions that were not met
    ("negated", "fallen", "The town would have fallen if the bridge had been lost."),
    ("confirmed", "fallen", "The town would never have fallen if help had come."),
    ("negated", "come", "If help had come, the town would never have fallen."),
    ("negated", "lost", "Without the drones the army would have lost the town."),
    ("possible", "seizure", "If confirmed, the seizure of the town would be the third."),
    # reported speech in its forms
    ("denied", "fallen", "The town had not fallen, a trader said."),
    ("denied", "left", "Residents say the army never left the town."),
    ("reported", "closed", "Troops closed in on the town, residents and a priest there said."),
    (
        "reported",
        "drove",
        "Gunmen drove the police out and raised a flag, according to two nurses.",
    ),
    ("reported", "entered", "The rebels are believed to have entered the town."),
    ("reported", "left", '"The police have left," a shopkeeper whispered.'),
    ("reported", "taken", '"They have taken the town," a shopkeeper whispered.'),
    ("claimed", "taken", '"We have taken the town," the commander whispered.'),
    ("claimed", "killed", 'Warlord "killed" in the hills'),
    ("confirmed", "held", "The rebels entered the town, which the army held, a nurse said."),
    ("possible", "taken", "The colonel refused to say whether his men had taken the town."),
    ("denied", "resigned", "The minister laughed off rumours that he had resigned."),
    ("possible", "fall", "Unconfirmed reports spoke of the fall of the town."),
    ("negated", "attempt", "The attempt never began."),
    ("negated", "fell", "The town nearly fell on Tuesday."),
    ("negated", "hold", "At no point did the rebels hold the town."),
    ("negated", "overrunning", "The militia came close to overrunning the town."),
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    """The packaged pipeline."""
    return load_pipeline()


def word(doc: Doc, text: str) -> Token:
    """The first token of a text."""
    return next(token for token in doc if token.text == text)


def judge(nlp: Language, text: str, trigger: str) -> Verdict:
    """The verdict on a trigger of a sentence."""
    return assess(word(nlp(text), trigger))


@pytest.mark.parametrize(
    ("factuality", "trigger", "text"), SENTENCES, ids=[s[2] for s in SENTENCES]
)
def test_sentence(nlp: Language, factuality: str, trigger: str, text: str) -> None:
    """Given a sentence, its event is presented as a person reads it."""
    verdict = judge(nlp, text, trigger)
    assert verdict.factuality == factuality, verdict


def test_attribution_keeps_the_words_of_the_text(nlp: Language) -> None:
    """Who says so is kept as written."""
    verdict = judge(nlp, "A monitoring group said rebels captured the town.", "captured")
    assert verdict.attribution == "A monitoring group"


def test_a_denial_names_who_denies(nlp: Language) -> None:
    """Their word weakens; it does not take back what the publisher said."""
    text = "The army denied claims that rebels captured the town."
    assert judge(nlp, text, "captured").attribution == "The army"


def test_an_unnamed_denier_is_still_somebody(nlp: Language) -> None:
    """A passive denial is not the publisher's own."""
    verdict = judge(nlp, "Rumours that the governor had died were denied.", "died")
    assert verdict.attribution == UNNAMED


def test_a_retraction_is_the_publishers_own(nlp: Language) -> None:
    """Nobody is quoted where a report is taken back."""
    text = "The channel retracted its report that rebels captured the town."
    assert judge(nlp, text, "captured").attribution is None


def test_cues_name_what_decided(nlp: Language) -> None:
    """The words that decided are told, for --explain."""
    assert "failed" in judge(nlp, "The rebels failed to capture the town.", "capture").cues


@pytest.mark.parametrize(
    ("attribution", "trigger", "text"),
    [
        ("a doctor", "fell", "The town fell, a doctor there said."),
        ("a commander", "fell", "The town fell, a commander told reporters by telephone."),
        ("two aid workers", "fell", "The town fell on Monday, according to two aid workers."),
        (
            "a district officer",
            "enter",
            "The ministry quoted a district officer who said that rebels would enter it.",
        ),
        ("The commander", "take", "The commander vowed to take the town."),
        ("The council", "leave", "The council demanded that the army leave."),
        (
            "the general staff",
            "retreat",
            "Denying any retreat, the general staff said all was calm.",
        ),
        (None, "held", "The rebels entered the town, which the army held, a nurse said."),
        (None, "fell", "March 1994: how the town fell"),
    ],
)
def test_who_says_so(nlp: Language, attribution: str | None, trigger: str, text: str) -> None:
    """The attribution is who speaks of this event, wherever the words stand."""
    assert judge(nlp, text, trigger).attribution == attribution


def test_a_pronoun_that_speaks_is_who_was_named_before(nlp: Language) -> None:
    """What they announce of themselves is their claim."""
    doc = nlp("The officers have seized the palace, they announced.")
    doer = Mention(0, 2, "The officers", "group")

    verdict = assess(word(doc, "seized"), agent=doer, mentions=[doer])

    assert (verdict.factuality, verdict.attribution) == (Factuality.CLAIMED, "The officers")


def test_word_of_the_agent_is_a_claim(nlp: Language) -> None:
    """The same sentence is reported or claimed, by whether the speaker took part."""
    doc = nlp("Ruritania said Ruritanian troops captured the town.")
    speaker = Mention(0, 1, "Ruritania", "organization", subject="ruritania")
    other = Mention(2, 4, "the invaders", "organization", subject="borduria")
    trigger = word(doc, "captured")
    own = assess(trigger, agent=speaker, mentions=[speaker])
    assert own.factuality == Factuality.CLAIMED
    assert own.attributed_to is speaker
    foreign = assess(trigger, agent=other, patient=other, mentions=[speaker])
    assert foreign.factuality == Factuality.REPORTED


def test_cue_data_names_known_effects_only() -> None:
    """Every effect in the data can be composed; every lemma stands once."""
    known = {*COMPOSITION, "happened", "presumed", "settled", "purpose"}
    lists = cues()
    used = {effect for group in lists.governors.values() for effect in group.values()}
    used |= {*lists.nouns.values(), *lists.adjectives.values(), *lists.modifiers.values()}
    used |= {*lists.modals.values(), *lists.adverbs.values()}
    assert used <= known
    assert all(set(group) <= set(FORMS) for group in lists.governors.values())
    assert all(isinstance(word, str) for word in (*lists.modifiers, *lists.adjectives))
