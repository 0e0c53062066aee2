"""Numbers in speech, written so that one pattern reads them: 两三百, 三个半, thirty five thousand."""

import re

HAN = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿"
_ONES = "零一二三四五六七八九"

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORD = f"(?:{'|'.join(sorted((*_SMALL, *_LARGE), key=len, reverse=True))})"
_SPELT = re.compile(
    rf"(?<![a-z])(?<!half )(?:a\s+)?{_WORD}(?:[\s-]{{1,2}}(?:and\s{{1,2}})?{_WORD}){{0,9}}(?![a-z])"
)
_SCALE_WORD = re.compile(r"(?<=[0-9])\s{0,2}(hundred|thousand|million|grand)(?![a-z])")
_SCALES = {"hundred": "百", "thousand": "千", "million": "百万", "grand": "千"}

_PER = re.compile(
    r"[一每](?:天|个月)|(?<=[0-9元块钱毛角])\s{0,2}[一每/](?:单|桌|客|杯|位|份)|[一每](?:单|桌|客|杯|位|份)(?=\s{0,2}[0-9¥])"
)
_IDLE = re.compile(f"一(?:共|起|般|直|定|样|下|些|点(?![{HAN}]))|第一|十分|[0零](?=利率|利息)")
_PAIR = re.compile("([二三四五六七八九]?十)?([一二两三四五六七八])([二两三四五六七八九])([十百千万])")
_PAIR_OF = re.compile(
    "(?<![十百千万0-9.])([一二两三四五六七八])([二两三四五六七八九])(?=\\s?[个位名人单桌客杯天块元])"
)
_HALF = re.compile(f"([0-9{HAN}])个(半)")
_AND_A_HALF = re.compile(r"(?<=[0-9]) and a half(?![a-z])")
_HALF_A_YEAR = re.compile(r"(?<![a-z])half a(?= year)")
_A_YEAR = re.compile(r"(^|(?<![a-z])(?:over|for|in) )(?:a|one) (?=year)")
_BETWEEN = re.compile(r"(?<![a-z])between ([0-9][^\s]*(?:\s(?:hundred|thousand|million))?) and (?=[0-9])")
_DIMES = re.compile(
    f"([0-9{HAN}])[块元](?:([0-9一二三四五六七八九])[毛角]|([1-9五])(?![0-9{HAN}.,个单桌位人天kw]))"
)
_RUN_ON = re.compile("(?<=万)(?=[一二三四五六七八九十]{1,3}(?:期|个月))")


def written(text: str) -> str:
    """The text with spoken numbers as figures, and without numerals that count nothing (一共, 每天).

    >>> written("thirty five thousand"), written("三个半人"), written("两三百"), written("十万十二期")
    ('35000', '三点五人', '两百到三百', '十万 十二期')
    >>> written("sixteen and a half thousand"), written("between 10k and 20k")
    ('16.5千', '10k to 20k')
    """
    text = _A_YEAR.sub(r"\g<1>1 ", text)
    text = _HALF_A_YEAR.sub("0.5", _AND_A_HALF.sub(".5", _SPELT.sub(_figure, text)))
    text = _SCALE_WORD.sub(lambda match: _SCALES[match[1]], _BETWEEN.sub(r"\1 to ", text))
    text = _IDLE.sub(" ", _PER.sub(" ", text))
    text = _HALF.sub(_pointed, _RUN_ON.sub(" ", text))
    text = _DIMES.sub(lambda match: f"{_pointed(match)}元", text)
    return _PAIR_OF.sub(_as_few, _PAIR.sub(_as_range, text))


def counted(numeral: str) -> float:
    """The number that a Chinese numeral writes.

    Raises:
        ValueError: it writes none.

    >>> counted("三万五")
    35000
    """
    import cn2an  # it takes 0.1 s to import: the first such numeral waits for it, rather than every start

    number: float = cn2an.cn2an(numeral, "smart")
    return number


def _figure(match: re.Match[str]) -> str:
    """English number words in digits; "one" alone and a scale alone ("a few thousand") are no numbers."""
    words = re.findall("[a-z]+", match[0])
    if words == ["one"] or words[0] in _LARGE:
        return match[0]
    whole, part = 0, 0
    for word in words:
        part = max(part, 1) * _LARGE[word] if word in _LARGE else part + _SMALL.get(word, 0)
        if _LARGE.get(word, 0) >= 1_000:
            whole, part = whole + part, 0
    return str(whole + part)


def _pointed(match: re.Match[str]) -> str:
    """A figure with one decimal, in the script of its whole part."""
    whole, tenths = match[1], match[2] or match[3]
    digit = 5 if tenths == "半" else int(tenths) if tenths.isascii() else _ONES.index(tenths)
    return f"{whole}.{digit}" if whole.isascii() else f"{whole}点{_ONES[digit]}"


def _as_range(match: re.Match[str]) -> str:
    """三四万 is three to four ten-thousands, 十五六万 fifteen to sixteen; 一三 in a row is no range."""
    tens, low, high, scale = match[1] or "", match[2], match[3], match[4]
    if counted(high) - counted(low) != 1 or (tens and scale == "十"):
        return match[0]
    return f"{tens}{low}{scale}到{tens}{high}{scale}"


def _as_few(match: re.Match[str]) -> str:
    """五六个 is five to six."""
    return f"{match[1]}到{match[2]}" if counted(match[2]) - counted(match[1]) == 1 else match[0]
