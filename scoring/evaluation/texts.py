"""Measures the reader of remarks: its way of fitting by itself, and the bundled one on texts unseen."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring import reading
from scoring.evaluation.measured import Goal, Measured
from scoring.reading import Reader
from scoring.reading.characters import Codes
from scoring.reading.tone import Tone
from scoring.reading.weights import Weights
from scoring.training import text_sets, texts
from scoring.training.text_fit import Lesson, fit, log_odds
from scoring.training.text_sets import COMPLAINT, NEITHER, PRAISE, Labelled

Floats = NDArray[np.float64]
FOLDS, BINS = 5, 10

MODEL = "hashed runs of 1-3 characters, logistic regression"
BUNDLED = "bundled reader"
TAKE_AWAY = (Goal("accuracy", 0.900), Goal("auc", 0.949), Goal("ece", 0.02))
UNSEEN = (Goal("accuracy", 0.925), Goal("ece", 0.02))
SHOPPING = (Goal("accuracy", 0.825), Goal("ece", 0.02))
POSTS = {
    "usual_test_labeled": (Goal("accuracy", 0.850), Goal("auc", 0.897)),
    "virus_test_labeled": (Goal("accuracy", 0.906), Goal("auc", 0.964)),
}


@dataclass(frozen=True)
class Unseen:
    """Texts that were not fitted, with what is true of them and what the model says."""

    praise: Floats
    odds: Floats

    @property
    def figures(self) -> Mapping[str, float]:
        """Accuracy at even odds, AUC, F1 of praise, and the expected calibration error over ten bins."""
        from sklearn.metrics import f1_score, roc_auc_score

        said = self.odds > 0
        return {
            "accuracy": float(np.mean(said == self.praise)),
            "auc": float(roc_auc_score(self.praise, self.odds)),
            "f1": float(f1_score(self.praise, said)),
            "ece": calibration_error(self.praise, 1 / (1 + np.exp(-np.clip(self.odds, -500, 500)))),
        }


def calibration_error(praise: Floats, probability: Floats) -> float:
    """How far probabilities lie from what came true, on average over ten bins of equal width.

    >>> round(calibration_error(np.array([1.0, 0.0]), np.array([0.9, 0.1])), 2)
    0.1
    """
    places = np.minimum((probability * BINS).astype(int), BINS - 1)
    held = np.bincount(places, minlength=BINS)
    gaps = np.bincount(places, probability - praise, minlength=BINS)
    return float(np.abs(gaps).sum() / held.sum())


def measure(folder: Path, say: Callable[[str], None] = lambda _: None) -> list[Measured]:
    """All rows about texts; takes some minutes, most of them for the shopping reviews.

    Raises `UnusableTexts` naming the file under `folder`/text that is missing or wrong.
    """
    letters, reader = texts.letters(), reading.load()
    say("take-away reviews")
    rows = [take_away(folder, letters)]
    say("hotels and books")
    rows.append(unseen(folder, letters))
    say("shopping reviews")
    rows.append(shopping(folder, letters))
    say("the bundled reader")
    return [*rows, *bundled(folder, reader)]


def check(folder: Path) -> None:
    """Read every set once; raises `UnusableTexts` naming the one that nothing can be measured on."""
    sets = {
        "waimai_10k": text_sets.take_away(folder),
        "online_shopping_10_cats": text_sets.shopping(folder),
        "chnsenticorp_train": text_sets.hotels_and_books(folder),
        "chnsenticorp_unseen_test": Labelled(text_sets.unseen_hotels_and_books(folder)),
        **{f"smp2020_{part}": text_sets.posts(folder, part) for part in (*POSTS, *texts.FITTED_POSTS)},
    }
    for name, known in sets.items():
        if not {COMPLAINT, PRAISE} <= set(known.praise.tolist()):
            raise text_sets.UnusableTexts(f"{name}: should hold praise and complaints")


def take_away(folder: Path, letters: Codes) -> Measured:
    """Five-fold over waimai_10k, verbatim repeats dropped."""
    return folds("waimai_10k", text_sets.take_away(folder), letters, TAKE_AWAY)


def shopping(folder: Path, letters: Codes) -> Measured:
    """Five-fold over the shopping reviews, verbatim repeats dropped."""
    return folds("online_shopping_10_cats", text_sets.shopping(folder), letters, SHOPPING)


def folds(data: str, known: Labelled, letters: Codes, goals: tuple[Goal, ...]) -> Measured:
    """Five-fold, stratified, seed 0; each fold is fitted and calibrated on the other four."""
    from sklearn.model_selection import StratifiedKFold

    cut = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(known.praise, known.praise)
    tests = [_fold(known, rows, rest, letters) for rows, rest in cut]
    each = [test.figures for test in tests]
    whole = Unseen(
        np.concatenate([test.praise for test in tests]), np.concatenate([test.odds for test in tests])
    )
    means = {name: float(np.mean([figures[name] for figures in each])) for name in each[0]}
    spread = {name: float(np.std([figures[name] for figures in each])) for name in each[0]}
    figures = {**means, "ece": whole.figures["ece"]}
    return Measured(data, f"{FOLDS}-fold", MODEL, figures, goals, spread)


def _fold(known: Labelled, rows: NDArray[np.int64], rest: NDArray[np.int64], letters: Codes) -> Unseen:
    weights = fit(Lesson.of(known.pick(rows.tolist())), letters, texts.RECIPE)
    tested = known.pick(rest.tolist())
    return Unseen(tested.praise, log_odds(weights, tested.texts))


def unseen(folder: Path, letters: Codes) -> Measured:
    """ChnSentiCorp's 869 unseen texts; reviews that stand among them are left out of the shopping set."""
    tested = text_sets.unseen_hotels_and_books(folder)
    beside = text_sets.shopping(folder).unlike(Labelled(tested))
    lesson = Lesson.of(text_sets.hotels_and_books(folder), beside, importance=3.0)
    weights = fit(lesson, letters, texts.RECIPE)
    split = "train file and shopping reviews without the overlap, 869 unseen texts"
    return Measured("ChnSentiCorp", split, MODEL, judged(weights, tested).figures, UNSEEN)


def bundled(folder: Path, reader: Reader) -> Iterator[Measured]:
    """The reader that ships, on texts it was not fitted on: none of these stand in its lesson."""
    tested = text_sets.unseen_hotels_and_books(folder)
    weights = reader.chinese.weights
    yield Measured("ChnSentiCorp", "869 unseen texts", BUNDLED, judged(weights, tested).figures)
    fitted = text_sets.posts(folder, *texts.FITTED_POSTS)
    for part, goals in POSTS.items():
        posts = text_sets.posts(folder, part).without(fitted)
        figures = judged(weights, posts.decided).figures
        yield Measured("SMP2020", f"{part}, happy against angry, sad and fear", BUNDLED, figures, goals)
        yield Measured("SMP2020", f"{part}, with the posts that say neither", BUNDLED, tones(reader, posts))


def judged(weights: Weights, labelled: Iterable[tuple[str, float]]) -> Unseen:
    """What weights say of texts that are praise or complaint."""
    said, praise = zip(*labelled, strict=True)
    return Unseen(np.array(praise), log_odds(weights, said))


def tones(reader: Reader, labelled: Labelled) -> Mapping[str, float]:
    """Accuracy and mean F1 of three tones, and how many of each kind were read as it; rules included."""
    from sklearn.metrics import f1_score

    kinds = {Tone.POSITIVE: PRAISE, Tone.NEGATIVE: COMPLAINT}
    found = np.array([kinds.get(tone, NEITHER) if tone else NEITHER for tone in reader.read(labelled.texts)])
    names = {"negative": COMPLAINT, "neutral": NEITHER, "positive": PRAISE}
    truth = (labelled.praise * 2).astype(int)
    recalls = {
        f"recall_{name}": float(np.mean(found[labelled.praise == kind] == kind))
        for name, kind in names.items()
    }
    macro = float(f1_score(truth, (found * 2).astype(int), average="macro"))
    return {"accuracy": float(np.mean(found == labelled.praise)), "f1": macro, **recalls}
