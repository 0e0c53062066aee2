"""A folder of invented texts in the shape of the real sets."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PLEASED = ("好吃", "很新鲜", "服务热情", "还会再来")
DISPLEASED = ("难吃", "不新鲜", "态度差", "不会再来")
THINGS = ("米线", "包子", "豆浆", "锅贴", "凉皮", "馄饨", "汤圆", "油条")


def reviews(mark: str = "") -> list[tuple[str, int]]:
    """Sixty-four reviews, half of them pleased; a mark makes those of one set unlike another's."""
    pairs = [(word, 1) for word in PLEASED] + [(word, 0) for word in DISPLEASED]
    return [(f"{mark}{thing}{word}", label) for thing in THINGS for word, label in pairs]


def moods(mark: str) -> list[dict[str, object]]:
    said = [(f"{mark}今天{word}", "happy") for word in PLEASED]
    said += [(f"{mark}今天{word}", "angry") for word in DISPLEASED]
    said += [(f"{mark}今天买了{thing}", "neutral") for thing in THINGS]
    said += [(f"{mark}原来如此", "surprise")]
    return [{"id": number, "content": text, "label": mood} for number, (text, mood) in enumerate(said)]


def write(folder: Path) -> Path:
    """All files a reader is fitted and measured on."""
    sets = folder / "text"
    sets.mkdir(parents=True)
    (sets / "waimai_10k.csv").write_text(table(("label", "review"), reviews("外卖")), "utf-8")
    with gzip.open(sets / "online_shopping_10_cats.csv.gz", "wt", encoding="utf-8", newline="") as shopping:
        rows = [(text, label, "吃的") for text, label in [*reviews("网购"), *reviews("没见过的")]]
        shopping.write(table(("label", "review", "cat"), rows))
    with gzip.open(sets / "chnsenticorp_train.csv.gz", "wt", encoding="utf-8", newline="") as train:
        train.write(table(("label", "text"), reviews("住店")))
    (sets / "chnsenticorp_unseen_test.csv").write_text(table(("label", "text"), reviews("没见过的")), "utf-8")
    for part in ("virus_train", "virus_eval_labeled", "usual_eval_labeled", *_TESTED):
        (sets / f"smp2020_{part}.txt").write_text(json.dumps(moods(part)), "utf-8")
    return folder


_TESTED = ("usual_test_labeled", "virus_test_labeled")


def table(columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> str:
    """CSV text; rows hold the text before the label."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    text = columns[1]
    for said, label, *group in rows:
        row: Mapping[str, object] = {text: said, "label": label} | ({"cat": group[0]} if group else {})
        writer.writerow(row)
    return out.getvalue()
