"""One message of every kind, as the journal holds them, for looking at pages without a conversation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conversations.store.message import Message

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
POLYGLOT = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A//"
    "</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert(1)//>"
    "<img src=x onerror=alert(2)>{{7*7}}"
)


def message(n: int, kind: str, text: str, **parts: Any) -> Message:
    """A line of the bot's, or of whoever `sender` names."""
    choices = tuple({"id": id, "label": label} for id, label in parts.pop("choices", {}).items())
    given = {"sender": "bot", "step": None, "data": {}} | parts
    at = START + timedelta(minutes=n)
    return Message(n=n, kind=kind, key=None, text=lines(text, given["data"]), choices=choices, at=at, **given)


def linked(n: int, url: str) -> Message:
    """A question whose choice leads to a page."""
    asked = message(n, "ask", "?", step="brand_account")
    return replace(asked, choices=({"id": "connect", "label": "授权", "url": url},))


def lines(text: str, data: Mapping[str, Any]) -> str:
    """The text with what it repeats of the data, for channels that draw no cards."""
    under = [f"{row['label']}：{row['value']}" for row in data.get("rows", ())]
    return "\n".join([text, *under, *(["（第 4 项）"] if "progress" in data else [])])


def offer(product: str, name: str, principal: int, interest: tuple[int, ...]) -> dict[str, Any]:
    """The card's data for equal parts of the principal and the interest given for each."""
    parts = [principal // len(interest)] * (len(interest) - 1)
    parts.append(principal - sum(parts))
    dues = [date(2026 + (11 + n) // 13, (11 + n) % 12 + 1, 23) for n in range(len(interest))]
    rows = [
        {"n": n, "due": str(due), "principal": part, "interest": cost, "total": part + cost}
        for n, (due, part, cost) in enumerate(zip(dues, parts, interest, strict=True), 1)
    ]
    bears = any(interest)
    return {
        "product": product,
        "name": name,
        "principal": principal,
        "term": len(interest),
        "interest_free": sum(not cost for cost in interest),
        "rate": 0.144 if bears else 0.0,
        "apr": 0.03855 if bears else 0.0,
        "apr_compound": 0.03924 if bears else 0.0,
        "total_interest": sum(interest),
        "fee": 0,
        "total": principal + sum(interest),
        "expires": "2026-12-01",
        "lender": "幫幫示范贷款机构（演示，不放真款）",
        "instalments": rows,
    }


_INTEREST = (60_000, 50_424, 40_733, 30_926, 21_001, 10_957)
LONG = offer("BBD12", "帮帮贷·12期（前6期免息）", 10_000_000, (0,) * 6 + _INTEREST)
SHORT = offer("BBD6", "帮帮贷·6期0利率", 5_600_000, (0,) * 6)


def reason(code: str, effect: str, points: int, text: str) -> dict[str, Any]:
    return {"code": code, "effect": effect, "points": points, "text": text}


DECISION = {
    "outcome": "approved",
    "grade": "B",
    "score": 574,
    "limit": 10_000_000,
    "reasons": [
        reason("P03", "raises", 21, "好评稳定而且数量充足"),
        reason("P05", "raises", 14, "有大号真实推荐"),
        reason("R01", "lowers", -12, "每月可支配的现金不够覆盖更高的月供"),
        reason("R13", "caps", 0, "没有提供个人帐号，额度以 20,000 元为上限（不扣分）"),
    ],
    "improve": [{"code": "I1", "text": "连接个人微博 → 额度 120,000 元", "limit_after": 12_000_000}],
    "standing": {
        "scores": [
            {"group": "scale", "name": "影响力", "score": 86},
            {"group": "feedback", "name": "口碑", "score": 67},
        ],
        "followers": "粉丝 31,000，按 12,400 计，因为评论或提到店铺的 60 个账号里，有 38 个像是没人在用",
    },
}
_ROWS = {
    "trade": ("行业", "餐馆"),
    "city": ("城市", "云南省大理白族自治州"),
    "sales_last_month": ("上月销售额", "130,000 元"),
    "staff_count": ("领工资人数", "6.5"),
    "amount": ("想借金额", "100,000 元"),
    "purpose": ("用途", "进货/原料、工资、房租"),
}
ROWS = [{"step": step, "label": label, "value": value} for step, (label, value) in _ROWS.items()]
TRADES = {
    "restaurant": "餐馆",
    "cafe": "咖啡茶饮",
    "gym": "健身",
    "beauty": "美容美发",
    "retail": "零售",
    "homestay": "民宿",
    "travel": "旅行",
    "other": "其他",
}

TALK = [
    message(1, "say", "您好，我是幫幫的自动助手，不是真人。\n聊大约三分钟，就能知道您的店能借多少。"),
    message(
        2,
        "ask",
        "开始前请看一眼：我们会处理您填的经营情况，用来算可借额度并给出理由。",
        step="consent",
        choices={"agree": "同意，我已满18岁", "more": "多说一点", "under_18": "我未满18岁"},
    ),
    message(3, "say", "同意，我已满18岁", sender="merchant"),
    message(
        4,
        "ask",
        "您的店是做哪一行的？",
        step="trade",
        data={"progress": {"done": 4, "of": 15, "minutes": 2}},
        choices=TRADES,
    ),
]
SUMMARY = [
    *TALK,
    message(5, "say", POLYGLOT, sender="merchant"),
    message(
        6,
        "summary",
        "请核对一遍，哪一项不对就点「改」，都对就提交。",
        step="check",
        data={"rows": ROWS, "progress": {"done": 15, "of": 15, "minutes": 1}},
        choices={"submit": "都对，提交"} | {f"/edit {row['step']}": f"改{row['label']}" for row in ROWS},
    ),
]
DECIDED = [
    *SUMMARY,
    message(7, "say", "都对，提交", sender="merchant"),
    message(8, "decision", "您的申请预批通过了。\n预批额度……", data=DECISION),
    message(9, "offer", "方案\n年化利率（单利）3.86%……", data=LONG),
    message(10, "offer", "方案\n年化利率（单利）0%……", data=SHORT),
    message(
        11,
        "ask",
        "您可以选一个方案。选之前不会产生任何费用或义务。",
        step="offer",
        choices={
            "take:BBD12": "选 100,000 元，12 期",
            "take:BBD6": "选 56,000 元，6 期",
            "think": "考虑一下",
            "decline": "不借了",
            "/why": "为什么是这个数",
        },
    ),
]
ACCEPTED = [
    *DECIDED[:-1],
    message(12, "staff", "您好，我是小李，已经帮您看过了。", sender="staff"),
    message(13, "receipt", "已接受，编号 BB-7Q2M-9K4X。", data={"offer": LONG, "code": "BB-7Q2M-9K4X"}),
]
PURPOSE = [
    *TALK,
    message(
        5,
        "ask",
        "钱打算用在哪里？最多选三样。",
        step="purpose",
        data={"progress": {"done": 14, "of": 15, "minutes": 1}},
        choices={"stock_purchase": "进货/原料", "rent": "房租", "payroll": "工资", "tax": "税款"},
    ),
]
