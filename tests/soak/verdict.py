"""What a soak says about the product: figures, and every promise that was not kept."""

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from tests.soak.samples import Sample, Samples

WARM = 0.25  #: share of the samples in which everything is still filling up
FLAT = 8.0  #: MiB that the fitted line may rise over the measured time
QUICK = 1.0  #: seconds within which 99 of 100 pages answer
MOST_SHOWN = 5


def fitted(samples: Sequence[Sample]) -> tuple[float, float]:
    """MiB an hour, and MiB over the measured time, by the line through the samples after the warm-up."""
    warm = samples[int(len(samples) * WARM) :]
    if len(warm) < 2:
        return 0.0, 0.0
    slope, _ = statistics.linear_regression([each.seconds for each in warm], [each.rss for each in warm])
    return slope * 3600, slope * (warm[-1].seconds - warm[0].seconds)


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    if len(times) < 2:
        return {}
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {
        "p50": round(cuts[49] * 1000, 1),
        "p99": round(cuts[98] * 1000, 1),
        "most": round(max(times) * 1000, 1),
    }


def figures(samples: Samples) -> dict[str, Any]:
    taken = samples.taken
    hourly, rise = fitted(taken)
    span = taken[-1].seconds - taken[0].seconds
    return {
        "rss_mib": {"first": taken[0].rss, "last": taken[-1].rss, "most": max(each.rss for each in taken)},
        "rss_mib_per_hour": round(hourly, 2),
        "rss_mib_rise": round(rise, 2),
        "files": max(each.files for each in taken),
        "threads": max(each.threads for each in taken),
        "processor_share": round((taken[-1].processor - taken[0].processor) / span, 3) if span else None,
        "acts_a_second": round((taken[-1].said - taken[0].said) / span, 1) if span else None,
        "waiting": {name: max(each.waiting.get(name, 0) for each in taken) for name in taken[-1].waiting},
        "pages_ms": {path: percentiles(times) for path, times in samples.pages.items()},
        "own_lateness_ms": percentiles(samples.own),
    }


def broken(samples: Samples) -> Iterator[str]:
    """What the samples show that should not be."""
    _, rise = fitted(samples.taken)
    if rise > FLAT:
        yield f"memory rose by {rise:.1f} MiB after the warm-up"
    for path, times in samples.pages.items():
        if percentiles(times).get("p99", 0) > QUICK * 1000:
            yield f"{path} answers 1 in 100 later than {QUICK} s"
    yield from samples.refused[:MOST_SHOWN]
