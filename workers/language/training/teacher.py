"""A large reader that teaches the small one: a transformer fine-tuned on the same corpora.

The small pipeline sees a window of nine words; a transformer that was pretrained on a billion
sentences reads the same treebanks far better. It is too slow to ship, so it annotates raw text
(`silver.py`) and the small pipeline learns from that too ("tri-training with one teacher", the
usual way to a small parser; Hinton et al. 2015 for the idea). One encoder, six heads: head and
relation of each word by a biaffine scorer (Dozat & Manning 2017), sentence starts, tags,
morphology and names. A document without trees or names trains the other heads.

Needs torch and transformers, which nothing else in the project does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from workers.language.training.joined import NAMED_DEV, NAMED_TREES, OTHER_NAMES

#: Layers of the transformer that are kept, and how often the corpora are read.
LAYERS, EPOCHS = 6, 3
#: Words in a piece of a document that is read at once, and in a batch with its padding.
MAX_WORDS, BATCH_WORDS = 180, 1400
#: Width of the projections that score arcs and relations, and of each word's case.
ARC, RELATION = 256, 96
#: Kinds of case: lower, Title, CAPITALS, mixed, no letters. The encoder itself is uncased.
CASES = 5
#: Share of the documents read as if in lower case, and as if in capitals.
LOWERED, RAISED = 0.05, 0.03
#: Peak learning rates of the encoder and of the heads, and the share of steps that warm up.
ENCODER_RATE, HEAD_RATE, WARMUP = 1.2e-4, 1.5e-3, 0.06
DROPOUT = 0.15
#: Share of the documents seen in an epoch.
SEEN = 0.8
SEED = 0
IGNORED = -100


@dataclass
class Labels:
    """The values that each head tells apart, in the order of its outputs."""

    relations: list[str]
    tags: list[str]
    morphs: list[str]
    names: list[str]

    @classmethod
    def of(cls, docs: Iterable[Doc]) -> Labels:
        """Collect the values seen in training documents."""
        relations, tags, morphs, names = set(), set(), set(), set()
        for doc in docs:
            for word in doc:
                relations.add(word.dep_)
                tags.add(word.tag_)
                morphs.add(f"{word.pos_}~{word.morph}")
                names.add(word.ent_type_)
        types = sorted(names - {""})
        return cls(
            sorted(relations - {""}),
            sorted(tags - {""}),
            sorted(morphs - {"~"}),
            ["O", *(f"{side}-{kind}" for kind in types for side in "BI")],
        )


@dataclass
class Item:
    """A piece of a document, as numbers: one entry a word, IGNORED where nothing is annotated."""

    pieces: list[int]
    #: Position of each word's first and last piece, and its case.
    first: list[int]
    last: list[int]
    cases: list[int]
    heads: list[int] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    morphs: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)


def case_of(word: str) -> int:
    """Classify a word's case."""
    if not any(c.isalpha() for c in word):
        return 4
    if word.islower():
        return 0
    if word.isupper() and len(word) > 1:
        return 2
    return 1 if word[0].isupper() and (word[1:].islower() or len(word) == 1) else 3


class Encoder:
    """Turns documents into items with the tokenizer and the labels of a teacher."""

    def __init__(self, base: Path, labels: Labels) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(str(base))
        self.labels = labels
        self.index = {
            name: {value: i for i, value in enumerate(getattr(labels, name))}
            for name in ("relations", "tags", "morphs", "names")
        }

    def plain(self, words: Sequence[str], cases: Sequence[int] | None = None) -> Item:
        """Encode words without their annotation."""
        encoded = self.tokenizer(
            [word if word.strip() else "." for word in words],
            is_split_into_words=True,
            add_special_tokens=True,
        )
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for position, word in enumerate(encoded.word_ids()):
            if word is not None:
                first.setdefault(word, position)
                last[word] = position
        # A word of characters that the tokenizer drops stands for the piece before it.
        for i in range(len(words)):
            first.setdefault(i, last.get(i - 1, 0))
            last.setdefault(i, first[i])
        return Item(
            encoded["input_ids"],
            [first[i] for i in range(len(words))],
            [last[i] for i in range(len(words))],
            list(cases or map(case_of, words)),
        )

    def gold(self, doc: Doc) -> Iterator[Item]:
        """Encode a document with its annotation, in pieces of whole sentences if it has any."""
        for start, end in cuts(doc):
            span = doc[start:end]
            item = self.plain([word.text for word in span])
            trees = doc.has_annotation("DEP")
            for word in span:
                head = 0 if word.head.i == word.i else word.head.i - start + 1
                item.heads.append(head if trees else IGNORED)
                item.relations.append(
                    self.index["relations"][word.dep_] if trees and word.dep_ else IGNORED
                )
                item.starts.append(int(bool(word.is_sent_start)) if trees else IGNORED)
                item.tags.append(self.index["tags"].get(word.tag_, IGNORED))
                item.morphs.append(self.index["morphs"].get(f"{word.pos_}~{word.morph}", IGNORED))
                name = f"{word.ent_iob_}-{word.ent_type_}" if word.ent_type_ else "O"
                item.names.append(self.index["names"][name] if word.ent_iob_ else IGNORED)
            yield item


def cuts(doc: Doc) -> Iterator[tuple[int, int]]:
    """Cut a document into pieces of at most MAX_WORDS words, between sentences where it can."""
    if not doc.has_annotation("SENT_START"):
        for start in range(0, len(doc), MAX_WORDS):
            yield start, min(start + MAX_WORDS, len(doc))
        return
    start = end = 0
    for sentence in doc.sents:
        if sentence.end - start > MAX_WORDS and end > start:
            yield start, end
            start = end
        end = sentence.end
    if end > start:
        yield start, end


class Teacher(nn.Module):
    """A transformer with six heads over the words of a piece of text."""

    def __init__(self, base: Path, labels: Labels, layers: int) -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(str(base), num_hidden_layers=layers)
        self.encoder = AutoModel.from_pretrained(str(base), config=config)
        width = config.hidden_size
        self.case = nn.Embedding(CASES, width)
        nn.init.zeros_(self.case.weight)
        #: How much of each layer the trees, the words and the names take (Peters et al. 2018).
        self.mix = nn.Parameter(torch.zeros(3, layers + 1))
        self.root = nn.Parameter(torch.randn(width) * 0.02)
        self.dropout = nn.Dropout(DROPOUT)
        self.arc_head, self.arc_child = _projection(width, ARC), _projection(width, ARC)
        self.relation_head, self.relation_child = (
            _projection(width, RELATION),
            _projection(width, RELATION),
        )
        self.arc = nn.Parameter(torch.zeros(ARC + 1, ARC))
        self.relation = nn.Parameter(torch.zeros(len(labels.relations), RELATION + 1, RELATION + 1))
        self.start = nn.Linear(width, 2)
        self.tag = nn.Linear(width, len(labels.tags))
        self.morph = nn.Linear(width, len(labels.morphs))
        self.name = nn.Sequential(
            nn.Linear(width, width),
            nn.GELU(),
            nn.Dropout(DROPOUT),
            nn.Linear(width, len(labels.names)),
        )

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Score everything but relations; `relation_scores` needs to know the heads."""
        trees, words, names = (self.dropout(part) for part in self.mixed(batch))
        root = self.root.expand(trees.shape[0], 1, -1)
        heads = torch.cat([root, trees], 1)
        arc_heads = self.arc_head(heads)
        ones = arc_heads.new_ones(*arc_heads.shape[:2], 1)
        arcs = torch.einsum(
            "bci,bhi->bch",
            self.arc_child(trees),
            torch.cat([arc_heads, ones], 2) @ self.arc,
        )
        padding = torch.cat([batch["words"].new_ones(len(heads), 1), batch["words"]], 1)
        return {
            "arcs": arcs.masked_fill(padding[:, None, :] == 0, -1e4),
            "relation_heads": self.relation_head(heads),
            "relation_children": self.relation_child(trees),
            "starts": self.start(trees),
            "tags": self.tag(words),
            "morphs": self.morph(words),
            "names": self.name(names),
        }

    def mixed(self, batch: dict[str, Tensor]) -> Tensor:
        """Encode words: what the trees, the words and the names rest on, x batch x words x width."""
        embedded = self.encoder.get_input_embeddings()(batch["pieces"])
        layers = self.encoder(
            inputs_embeds=embedded + self.case(batch["piece_cases"]),
            attention_mask=batch["mask"],
            output_hidden_states=True,
        ).hidden_states
        stacked = torch.stack([self._words(layer, batch) for layer in layers])
        return torch.einsum("kl,lbwd->kbwd", torch.softmax(self.mix, 1), stacked)

    def relation_scores(self, scores: dict[str, Tensor], heads: Tensor) -> Tensor:
        """Score the relations of each word to the head given for it (0 is the root)."""
        width = scores["relation_heads"].shape[-1]
        chosen = scores["relation_heads"].gather(1, heads[..., None].expand(-1, -1, width))
        ones = chosen.new_ones(*chosen.shape[:2], 1)
        head = torch.cat([chosen, ones], 2)
        child = torch.cat([scores["relation_children"], ones], 2)
        return torch.einsum("bwi,rij,bwj->bwr", child, self.relation, head)

    @staticmethod
    def _words(layer: Tensor, batch: dict[str, Tensor]) -> Tensor:
        width = layer.shape[-1]
        first = layer.gather(1, batch["first"][..., None].expand(-1, -1, width))
        last = layer.gather(1, batch["last"][..., None].expand(-1, -1, width))
        return (first + last) / 2


def _projection(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, out), nn.LeakyReLU(0.1), nn.Dropout(DROPOUT))


def batches(items: Sequence[Item], random: np.random.Generator | None) -> Iterator[list[int]]:
    """Group items of like length, in random order or the given one."""
    noise = random.random(len(items)) if random else np.zeros(len(items))
    order = sorted(range(len(items)), key=lambda i: len(items[i].pieces) * (1 + 0.1 * noise[i]))
    groups: list[list[int]] = [[]]
    for i in order:
        if groups[-1] and len(items[i].pieces) * (len(groups[-1]) + 1) > BATCH_WORDS:
            groups.append([])
        groups[-1].append(i)
    for i in random.permutation(len(groups)) if random else range(len(groups)):
        yield groups[i]


def tensors(items: Sequence[Item], pad: int) -> dict[str, Tensor]:
    """Stack items into one batch."""

    def stack(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
        longest = max(map(len, rows))
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])

    batch = {
        "pieces": stack([item.pieces for item in items], pad),
        "mask": stack([[1] * len(item.pieces) for item in items], 0),
        "first": stack([item.first for item in items], 0),
        "last": stack([item.last for item in items], 0),
        "words": stack([[1] * len(item.first) for item in items], 0),
        "piece_cases": stack([_piece_cases(item) for item in items], 0),
    }
    for name in ("heads", "relations", "starts", "tags", "morphs", "names"):
        if getattr(items[0], name):
            batch[name] = stack([getattr(item, name) for item in items], IGNORED)
    return batch


def _piece_cases(item: Item) -> list[int]:
    cases = [4] * len(item.pieces)
    for first, last, case in zip(item.first, item.last, item.cases, strict=True):
        cases[first : last + 1] = [case] * (last + 1 - first)
    return cases


def recased(item: Item, random: np.random.Generator) -> Item:
    """Return the item as if it were written in lower case or capitals, now and then."""
    draw = random.random()
    if draw >= LOWERED + RAISED:
        return item
    case = 0 if draw < LOWERED else 2
    cases = [case if old != CASES - 1 else old for old in item.cases]
    return Item(**{**item.__dict__, "cases": cases})


def loss_of(teacher: Teacher, batch: dict[str, Tensor]) -> Tensor:
    """Add up the losses of the heads whose annotation the batch has."""
    scores = teacher(batch)
    entropy = nn.functional.cross_entropy
    total = scores["arcs"].new_zeros(())
    known = batch["heads"] != IGNORED
    if known.any():
        heads = batch["heads"].clamp(min=0)
        relations = teacher.relation_scores(scores, heads)
        total = total + entropy(scores["arcs"][known], batch["heads"][known])
        total = total + entropy(relations.flatten(0, 1), batch["relations"].flatten())
        total = total + 0.5 * entropy(scores["starts"].flatten(0, 1), batch["starts"].flatten())
    for name, weight in (("tags", 0.5), ("morphs", 0.5), ("names", 2.0)):
        if (batch[name] != IGNORED).any():
            total = total + weight * entropy(
                scores[name].flatten(0, 1), batch[name].flatten(), label_smoothing=0.03
            )
    return total


def train(base: Path, data: Path, out: Path, layers: int = LAYERS, epochs: int = EPOCHS) -> None:
    """Fine-tune on the trees and the names and write the last weights."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    docs = [doc for name in (NAMED_TREES, OTHER_NAMES) for doc in load(data / f"{name}.spacy")]
    labels = Labels.of(docs)
    encoder = Encoder(base, labels)
    items = [item for doc in docs for item in encoder.gold(doc)]
    del docs
    teacher = Teacher(base, labels, layers)
    pretrained = {id(p) for p in teacher.encoder.parameters()}
    optimizer = torch.optim.AdamW(
        [
            {"params": list(teacher.encoder.parameters()), "lr": ENCODER_RATE},
            {
                "params": [p for p in teacher.parameters() if id(p) not in pretrained],
                "lr": HEAD_RATE,
            },
        ],
        betas=(0.9, 0.98),
        weight_decay=0.01,
    )
    steps = round(SEEN * epochs * sum(1 for _ in batches(items, np.random.default_rng(SEED))))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(step / (WARMUP * steps), max(0.0, 1 - step / steps) * 1.06 + 0.002),
    )
    pad = encoder.tokenizer.pad_token_id
    step, started, shown = 0, time.monotonic(), 0.0
    for epoch in range(epochs):
        teacher.train()
        chosen = [item for item in items if random.random() < SEEN]
        for group in batches(chosen, random):
            batch = tensors([recased(chosen[i], random) for i in group], pad)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(teacher, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            shown += (loss.item() - shown) * max(0.01, 1 / step)
            if step % 50 == 0:
                print(f"{time.monotonic() - started:6.0f} s {step}/{steps} {shown:.3f}", flush=True)
        save(teacher, base, layers, labels, out)
        print(f"epoch {epoch + 1}", report(teacher, encoder, data), flush=True)


def save(teacher: Teacher, base: Path, layers: int, labels: Labels, out: Path) -> None:
    """Write a teacher so that `restored` reads it again."""
    out.mkdir(parents=True, exist_ok=True)
    torch.save(teacher.state_dict(), out / "weights.pt")
    about = {"base": str(base), "layers": layers, "labels": labels.__dict__}
    (out / "about.json").write_text(json.dumps(about), encoding="utf-8")


def restored(folder: Path) -> tuple[Teacher, Encoder]:
    """Read a teacher that `train` wrote."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    labels = Labels(**about["labels"])
    teacher = Teacher(Path(about["base"]), labels, about["layers"])
    teacher.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    return teacher.eval(), Encoder(Path(about["base"]), labels)


def load(path: Path) -> list[Doc]:
    """Read the documents of a corpus."""
    return list(DocBin().from_disk(path).get_docs(Vocab()))


@torch.inference_mode()
def report(teacher: Teacher, encoder: Encoder, data: Path) -> str:
    """Score heads and relations without a tree search, and names word by word, on dev."""
    teacher.eval()
    right: dict[str, list[int]] = {name: [0, 0] for name in ("uas", "las", "starts", "tags")}
    both = found = wanted = 0
    pad = encoder.tokenizer.pad_token_id
    items = [item for doc in load(data / f"{NAMED_DEV}.spacy") for item in encoder.gold(doc)]
    for group in batches(items, None):
        batch = tensors([items[i] for i in group], pad)
        scores = teacher(batch)
        known = batch["heads"] != IGNORED
        heads = scores["arcs"].argmax(-1)
        relations = teacher.relation_scores(scores, heads).argmax(-1)
        hit = (heads == batch["heads"])[known]
        _count(right["uas"], hit)
        _count(right["las"], hit & (relations == batch["relations"])[known])
        _count(right["starts"], (scores["starts"].argmax(-1) == batch["starts"])[known])
        _count(right["tags"], (scores["tags"].argmax(-1) == batch["tags"])[known])
        names = scores["names"].argmax(-1)
        known = batch["names"] != IGNORED
        named = (names > 0) & known
        gold = (batch["names"] > 0) & known
        both += int(((names == batch["names"]) & gold).sum())
        found, wanted = found + int(named.sum()), wanted + int(gold.sum())
    shares = {name: f"{100 * hit / max(1, of):.1f}" for name, (hit, of) in right.items()}
    return f"{shares} names, by word: {200 * both / max(1, found + wanted):.1f}"


def _count(tally: list[int], hits: Tensor) -> None:
    tally[0] += int(hits.sum())
    tally[1] += hits.numel()
