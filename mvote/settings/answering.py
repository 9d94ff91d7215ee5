"""The city: its names and working time, what it owes by when, answers and promises, indicators."""

from dataclasses import dataclass

from mvote.settings.setting import setting


@dataclass(frozen=True)
class Answering:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    city_ko: str = setting("하늘시", "the city's name in Korean")
    city_en: str = setting("Haneul City", "the city's name in English")
    time_zone: str = setting("Asia/Seoul", "the zone in which pages show times")
    holidays_country: str = setting(
        "KR", "country whose public holidays do not count as working days; empty: none"
    )
    holidays_subdivision: str = setting("", "part of the country with holidays of its own")
    working_days: str = setting("mon,tue,wed,thu,fri", "days on which the city works")
    working_hours: str = setting(
        "09:00-12:00,13:00-18:00", "hours at which it works, by the clocks of its zone"
    )
    closure_days: int = setting(31, "longest closure of the city that officials may name at once")
    pauses_per_due: int = setting(2, "how often the clock of one answer may be paused")
    pause_days: int = setting(30, "most days that all pauses of one answer may take together")
    head_after_days: int = setting(3, "days overdue after which the head of the department is told")
    mayor_after_days: int = setting(7, "days overdue after which it stands on the mayor's page")
    coordinating_department: str = setting(
        "", "department that owes what two others said is not theirs; empty: the mayor's office"
    )
    case_first_reply: str = setting(
        "16 working-hours",
        "by when the first reply to a case is due; days, hours, working-days too",
    )
    case_answer: str = setting("14 working-days", "by when the answer to a case is due")
    indicator_bytes: int = setting(5_000_000, "largest file of indicators")
    questions_per_indicator: int = setting(
        3, "questions that one citizen may ask about one indicator"
    )
    question_characters: int = setting(2_000, "longest question about an indicator")
    data_licence: str = setting(
        "https://creativecommons.org/licenses/by/4.0/",
        "address of the open data's licence; or empty",
    )
    reason_characters: int = setting(
        2_000, "longest public reason for a pause, a closure, or handing an answer on"
    )
    reason_voters: int = setting(
        20, "fewest voters of an option who gave one reason, for the city to have to answer it"
    )
    ratings_shown: int = setting(20, "fewest ratings of an answer of which a summary is shown")
    askers_again: int = setting(
        50, "citizens who have to ask again before the department owes a second answer"
    )
    second_answer_days: int = setting(30, "days that it then has")
    steps_per_promise: int = setting(50, "most steps of a promise")
    promises_per_record: int = setting(50, "most promises in a record")
    links_per_evidence: int = setting(20, "most links that show that a step was done")
