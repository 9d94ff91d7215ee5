"""News as entries of a feed: a title, a text, a link, and the facts a phone matches by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mvote.channels.feeds.feed import FeedEntry, permanent_id
from mvote.channels.feeds.news import OVERDUE, News
from mvote.core.text import Words
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import (
    ABOUT_POLLS,
    ANSWER,
    ASKED_AGAIN,
    CANCELLED,
    CLOSING,
    DECISION_WORDS,
    ERRATUM,
    EVIDENCE,
    INTERIM,
    KIND_WORDS,
    MERGED,
    MOVED,
    POOL_RESULT,
    PROMISE,
    PROMISED_STEP,
    PROPOSAL,
    PROPOSAL_REPLY,
    QUESTION_REPLY,
    RATINGS,
    RESULT,
    SLIPPED,
    SPLIT,
    STEP,
    Head,
    RecordEntry,
)
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results

TITLES: Mapping[str, Words] = {
    **KIND_WORDS,
    OVERDUE: {"ko": "답변 기한이 지났습니다", "en": "The answer is overdue"},
}
CHOSEN: Words = {"ko": "– {option}: 선정", "en": "– {option}: chosen"}
DECIDED: Words = {"ko": "– {option}: {decision}", "en": "– {option}: {decision}"}
EXPECTED: Words = {"ko": "답변 예정일: {day}", "en": "Answer expected on {day}"}
PLANNED: Words = {"ko": "예정일: {day}", "en": "Planned for {day}"}
DONE: Words = {"ko": "완료일: {day}", "en": "Done on {day}"}
BY: Words = {"ko": "– {step} (기한: {day})", "en": "– {step} (by {day})"}
DUE: Words = {"ko": "기한: {day}", "en": "Due by {day}"}
PUT_OFF: Words = {
    "ko": "새 기한: {day} (처음 약속한 날: {first})",
    "en": "Now due by {day} (first promised for {first})",
}
MISSED: Words = {
    "ko": "{day}까지 하기로 한 일의 증빙이 없습니다.",
    "en": "There is no evidence of what was to be done by {day}.",
}
CORRECTED: Words = {"ko": "{number}번 항목을 바로잡습니다.", "en": "Corrects entry {number}."}
ASKERS: Words = {
    "ko": "{number}명 이상의 시민이 다시 답변해 달라고 했습니다.",
    "en": "At least {number} citizens asked for a second answer.",
}
RATED: Words = {
    "ko": "평가 {number}건, 평균 {mean}점 (5점 만점)",
    "en": "{number} ratings, {mean} of 5 on average",
}
POOLED: Words = {
    "ko": "참여자 {people}명, 의견 {statements}개, 의견 그룹 {groups}개",
    "en": "Participants: {people}, statements: {statements}, opinion groups: {groups}",
}
OWED: Words = {
    "ko": "{department}의 답변이 {due} (UTC)까지 나왔어야 합니다.",
    "en": "An answer of {department} was due by {due} (UTC).",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What the news of one document are told from, looked up all at once."""

    entries: Mapping[tuple[str, int], RecordEntry]
    heads: Mapping[str, Head]
    departments: Mapping[str, Words]

    def title_of(self, news: News) -> Words:
        """The poll's where it is about one, else the record's."""
        if news.poll:
            return polls.definition_of(news.poll).title
        return self.heads[news.record].title


def tell_all(
    news: Sequence[News], *, language: str, address: Callable[[str], str]
) -> list[FeedEntry]:
    """The newest first.  ``address`` makes a path an absolute address that keeps the language."""
    sources = Sources(
        entries=records.find_entries([(one.record, one.number) for one in news if one.number]),
        heads=records.find_heads({one.record for one in news}),
        departments={one.code: one.name for one in polls.list_departments()},
    )
    return [_tell(one, sources, language, address) for one in reversed(news)]


def text_of(entry: RecordEntry) -> Words | None:
    """What an entry of a record says, in both languages; None where it only leads elsewhere."""
    if entry.kind not in _TEXTS:
        return None
    about = entry.poll if entry.kind in ABOUT_POLLS else ""
    news = News(entry.kind, entry.at, entry.record, about, entry.by, entry.number)
    sources = Sources({(entry.record, entry.number): entry}, {}, {})
    return _TEXTS[entry.kind](news, sources)


def _tell(news: News, sources: Sources, language: str, address: Callable[[str], str]) -> FeedEntry:
    title = sources.title_of(news)
    text = _TEXTS[news.kind](news, sources)
    heading = TITLES[news.kind]
    return FeedEntry(
        id=_id_of(news, sources),
        at=news.at,
        title=f"{heading[language]}: {title[language]}",
        text=text[language],
        link=address(_path_of(news)),
        department=news.department,
        author=_name_of(news.department, sources)[language],
        facts={
            "kind": news.kind,
            "record": news.record,
            "poll": news.poll or None,
            "department": news.department,
            **_digests(news, sources),
            "title": dict(title),
            "text": text,
        },
    )


def _id_of(news: News, sources: Sources) -> str:
    """By the digest of what it tells of; else by the poll, to which it happens once."""
    if news.number:
        return permanent_id(news.kind, sources.entries[news.record, news.number].digest)
    return permanent_id(news.kind, news.poll, news.digest or news.due_at)


def _path_of(news: News) -> str:
    if news.kind == RESULT:
        return f"/polls/{news.poll}/result"
    if news.kind == CANCELLED:
        return f"/polls/{news.poll}"
    record = f"/records/{quote(news.record)}"
    return f"{record}#entry-{news.number}" if news.number else record


def _digests(news: News, sources: Sources) -> dict[str, Any]:
    """``entry`` and ``digest`` lead to the entry of the record, ``result`` to the result."""
    if news.kind == RESULT:
        chosen = [{"question": q["id"], "option": one["id"]} for q, one in _chosen(news.poll)]
        return {"result": news.digest, "chosen": chosen}
    if news.kind == OVERDUE:
        return {"due_at": news.due_at}
    if not news.number:
        return {}
    entry = sources.entries[news.record, news.number]
    told: dict[str, Any] = {"entry": news.number, "digest": entry.digest}
    if news.kind == ANSWER:
        told |= {"result": entry.body["result"], "options": _decisions(entry)}
    return told


def _chosen(poll: str) -> list[tuple[Any, Any]]:
    """Questions of a result, each with an option that was chosen in it."""
    document: Any = results.get_result(poll).document
    chosen = document["decision"]["chosen"]
    return [
        (question, option)
        for question in document["questions"]
        for option in question["options"]
        if option["id"] in chosen[question["id"]]
    ]


def _decisions(entry: RecordEntry) -> list[dict[str, str]]:
    options: Any = entry.body["options"]
    return [{name: one[name] for name in ("question", "option", "decision")} for one in options]


def _name_of(department: str, sources: Sources) -> Words:
    code = {"ko": department, "en": department}
    return sources.departments.get(department, code)


def _both(*parts: Words) -> dict[str, str]:
    """Paragraphs in both languages."""
    return {language: "\n".join(part[language] for part in parts) for language in ("ko", "en")}


def _filled(sentence: Words, **values: Words | str) -> Words:
    return {
        language: said.format(
            **{k: v if isinstance(v, str) else v[language] for k, v in values.items()}
        )
        for language, said in sentence.items()
    }


def _tell_result(news: News, _sources: Sources) -> dict[str, str]:
    """What was decided, how each question came out, and what was chosen."""
    document: Any = results.get_result(news.poll).document
    told = [question["outcome"]["explanation"] for question in document["questions"]]
    lines = [_filled(CHOSEN, option=option["title"]) for _, option in _chosen(news.poll)]
    return _both(document["decision"]["words"], *told, *lines)


def _tell_cancelled(news: News, _sources: Sources) -> dict[str, str]:
    return _both(polls.get_poll(news.poll).reason or {"ko": "", "en": ""})


def _tell_overdue(news: News, sources: Sources) -> dict[str, str]:
    due = news.due_at.replace("T", " ").removesuffix("Z")
    return _both(_filled(OWED, department=_name_of(news.department, sources), due=due))


def _tell_answer(news: News, sources: Sources) -> dict[str, str]:
    """The answer, and below it what becomes of each option it speaks of."""
    body: Any = sources.entries[news.record, news.number].body
    questions = polls.definition_of(news.poll).questions
    titles = {(q.id, option.id): option.title for q in questions for option in q.options}
    lines = []
    for one in body["options"]:
        option, decision = titles[one["question"], one["option"]], DECISION_WORDS[one["decision"]]
        lines.append(_filled(DECIDED, option=option, decision=decision))
        lines += [one["reason"]] if one["reason"] else []
    return _both(body["text"], *lines)


def _body(news: News, sources: Sources) -> Any:
    return sources.entries[news.record, news.number].body


def _tell_written(news: News, sources: Sources) -> dict[str, str]:
    """What a department wrote, with the day it speaks of."""
    body = _body(news, sources)
    days = (("expected", EXPECTED), ("done", DONE), ("planned", PLANNED), ("due", DUE))
    dated = [_filled(said, day=body[name]) for name, said in days if body.get(name)]
    return _both(*dated[:1], body["text"])


def _tell_promise(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    return _both(
        body["text"], *(_filled(BY, step=one["text"], day=one["due"]) for one in body["steps"])
    )


def _tell_moved(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    return _both(_filled(PUT_OFF, day=body["due"], first=body["first_due"]), body["text"])


def _tell_slipped(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    return _both(_filled(MISSED, day=body["due"]), body["text"])


def _tell_erratum(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    return _both(_filled(CORRECTED, number=str(body["entry"])), body["text"])


def _tell_asked_again(news: News, sources: Sources) -> dict[str, str]:
    return _both(_filled(ASKERS, number=str(_body(news, sources)["askers_at_least"])))


def _tell_ratings(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    return _both(_filled(RATED, number=str(body["ratings"]), mean=body["mean"]))


def _tell_proposal(news: News, sources: Sources) -> dict[str, str]:
    """Why the city has to do something; the text of the proposal stands on its own page."""
    body = _body(news, sources)
    return _both(body["title"], body["text"])


def _tell_reply(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    decision = [DECISION_WORDS[body["decision"]]] if body["decision"] else []
    return _both(*decision, body["text"])


def _tell_pool(news: News, sources: Sources) -> dict[str, str]:
    body = _body(news, sources)
    people, statements = str(body["participants"]), str(body["statements"])
    groups = str(len(body["groups"]))
    return _both(_filled(POOLED, people=people, statements=statements, groups=groups))


_TEXTS: Mapping[str, Callable[[News, Sources], dict[str, str]]] = {
    RESULT: _tell_result,
    CANCELLED: _tell_cancelled,
    ANSWER: _tell_answer,
    INTERIM: _tell_written,
    STEP: _tell_written,
    CLOSING: _tell_written,
    PROMISE: _tell_promise,
    PROMISED_STEP: _tell_written,
    MOVED: _tell_moved,
    EVIDENCE: _tell_written,
    SLIPPED: _tell_slipped,
    ERRATUM: _tell_erratum,
    MERGED: _tell_written,
    SPLIT: _tell_written,
    ASKED_AGAIN: _tell_asked_again,
    RATINGS: _tell_ratings,
    OVERDUE: _tell_overdue,
    PROPOSAL: _tell_proposal,
    PROPOSAL_REPLY: _tell_reply,
    QUESTION_REPLY: _tell_written,
    POOL_RESULT: _tell_pool,
}
