"""Participatory budget: projects with costs, chosen under a sum, or up to so many, or both."""

from mvote.core.canonical import MAX_SAFE_INTEGER
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions.choosing import ChoosingLimits
from mvote.core.questions.multiple_choice import MultipleChoice
from mvote.core.text import Words


class Budget(MultipleChoice):
    """config: ``limit`` (what the chosen may cost together), ``least`` and ``most`` projects.

    At least one of ``limit`` and ``most`` is needed.  ``limit`` binds a voter; the
    money there is to spend is the option ``budget`` of the counting method.  Points over
    projects are a question of type ``points`` whose options have costs, projects in order
    one of type ``ranking``.
    """

    name = "budget"
    label = {"ko": "예산 사업 고르기", "en": "Choose projects under a budget"}
    widget = "budget-list"
    keyboard = {
        "ko": "Tab 키로 사업을 옮겨 다니고 Space 키로 담거나 뺍니다.",
        "en": "Tab moves through the projects, Space puts one in or takes it out.",
    }
    screen_reader = {
        "ko": "사업마다 비용을 읽고, 담을 때마다 쓴 금액과 남은 금액을 읽습니다.",
        "en": "Each project is read with its cost; after each choice the money left.",
    }
    form = {
        "limit": {"ko": "고른 사업의 비용 한도", "en": "The chosen may cost at most"},
        **MultipleChoice.form,
    }
    least_options = 1
    costs = True
    offers_none = False

    def read_config(self, read: Reader, question: Question) -> None:
        super().read_config(read, question)
        costs = sorted(option.cost or 0 for option in question.options)
        if sum(costs) > MAX_SAFE_INTEGER:
            read.faults.add("options", f"may not cost more than {MAX_SAFE_INTEGER} together")
        limit = read.optional_integer("limit")
        if limit is None and question.config.get("most") is None:
            read.fault("limit", "either a limit or the most projects have to be given")
        least = question.config.get("least")
        needed = sum(costs[: least if type(least) is int and least > 0 else 1])
        if limit is not None and limit < needed:
            read.fault("limit", f"has to allow the cheapest choice, which costs {needed}")

    def describe(self, question: Question) -> Words:
        several, cost = super().describe(question), self.limits(question).cost
        if cost is None:
            return several
        return {
            "ko": f"{several['ko']} 고른 사업의 비용은 모두 합해 {cost:,}까지입니다.",
            "en": f"{several['en']} Together they may cost at most {cost:,}.",
        }

    def limits(self, question: Question) -> ChoosingLimits:
        several = super().limits(question)
        return ChoosingLimits(several.least, several.most, question.config.get("limit"))
