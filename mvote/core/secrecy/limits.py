"""What a vote proves and what it does not: one table of levels and settings.

The README, the result page, the text in a bundle and the sentence shown to a voter are all
made from it, so that none of them can promise more than another.  ``{names}`` in a sentence
are settings of the city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from mvote.core.secrecy.levels import LEVELS
from mvote.core.text import LANGUAGES, Words

OPEN, CONFIDENTIAL, SECRET = "open", "confidential", "secret"
EVERYWHERE: Final = (OPEN, CONFIDENTIAL, SECRET)
Figures = Mapping[str, int]
"""Settings by name, as far as a sentence speaks of them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """``title`` is a few words, ``text`` a sentence or two; true at ``levels`` only."""

    title: Words
    text: Words
    levels: tuple[str, ...] = EVERYWHERE

    def filled(self, figures: Figures) -> "Statement":
        """With the city's settings in their places."""
        text = {language: self.text[language].format(**figures) for language in LANGUAGES}
        return Statement(self.title, text, self.levels)


TOLD: Final = (
    Statement(
        {"ko": "묶음", "en": "Batches"},
        {
            "ko": "마감 전에는 {batch_ballots}명 이상의 표가 모여야 한꺼번에 게시판에 오릅니다.",
            "en": "Before the end ballots go up on the board only together, those of at least "
            "{batch_ballots} voters at a time.",
        },
        (CONFIDENTIAL, SECRET),
    ),
)
"""What a voter is told beside the sentence of the level."""

PROVED: Final = (
    Statement(
        {"ko": "집계", "en": "The count"},
        {
            "ko": "공개된 표를 누구나 다시 세어 발표한 결과와 같은지 확인할 수 있습니다.",
            "en": "Anyone can count the published ballots again and compare the published result.",
        },
        (SECRET,),
    ),
    Statement(
        {"ko": "빠진 표", "en": "No ballot taken out"},
        {
            "ko": "게시판은 덧붙일 수만 있고 확인점마다 서명되어 있습니다. 접수증을 가진 사람은 "
            "자기 표가 들어 있는지 확인할 수 있고, 없으면 접수증이 증거가 됩니다.",
            "en": "The board can only grow, and each checkpoint of it is signed. Whoever kept a "
            "receipt can check that the ballot is there; if it is not, the receipt proves it.",
        },
    ),
    Statement(
        {"ko": "고친 표", "en": "No ballot altered"},
        {
            "ko": "표마다 유권자의 휴대전화가 만든 열쇠로 서명되어 있어 운영하는 쪽도 고칠 수 "
            "없습니다.",
            "en": "Each ballot is signed with a key that the voter's phone made, so the operator "
            "cannot alter it either.",
        },
        (SECRET,),
    ),
    Statement(
        {"ko": "한 사람 한 표", "en": "One ballot for a permit"},
        {
            "ko": "표는 투표 허가증마다 하나만 셉니다. 셈한 표는 발급한 허가증보다 많지 않고, "
            "허가증은 투표 자격이 있는 사람보다 많지 않습니다.",
            "en": "One ballot counts for each permit. No more ballots count than permits were "
            "issued, and no more permits were issued than there are eligible citizens.",
        },
        (SECRET,),
    ),
)

NOT_PROVED: Final = (
    Statement(
        {"ko": "외부 검토 없음", "en": "No outside review"},
        {
            "ko": "외부의 암호 전문가가 mvote를 검토하지 않았습니다. "
            "공직 선거에 쓰는 것이 아닙니다.",
            "en": "No outside cryptographer has reviewed mvote. It is not for statutory elections.",
        },
    ),
    Statement(
        {"ko": "표를 증명할 수 있음", "en": "A voter can prove a vote"},
        {
            "ko": "유권자는 자기가 어떻게 투표했는지 남에게 증명할 수 있습니다. 강요와 매수를 막지 "
            "못합니다.",
            "en": "mvote is neither receipt-free nor coercion-resistant.",
        },
    ),
    Statement(
        {"ko": "주소와 시각", "en": "Addresses and times"},
        {
            "ko": "mvote는 투표 과정의 기록에 주소, 토큰, 계정을 남기지 않습니다. 그러나 "
            "운영하는 쪽이 따로 적어 두면, 다른 기관이 운영하는 중계 서버를 거치지 않은 표는 "
            "사람과 이어질 수 있습니다.",
            "en": "mvote writes no addresses, tokens or accounts into its logs of the ballot path. "
            "An operator who notes them all the same can link ballots, unless a relay run by "
            "somebody else stands between.",
        },
    ),
    Statement(
        {"ko": "가명", "en": "The pseudonym"},
        {
            "ko": "사람 쪽의 데이터베이스와 열쇠, 그리고 투표 쪽의 데이터베이스를 함께 가진 쪽은 "
            "이의 제기 기간이 끝나 연결 정보를 지울 때까지 표와 사람을 이어 볼 수 있습니다.",
            "en": "Whoever holds the people wing's database and keys together with the votes "
            "wing's database can link ballot and person until the link is erased, `dispute_days` "
            "after closing.",
        },
        (OPEN, CONFIDENTIAL),
    ),
    Statement(
        {"ko": "다시 셀 수 없음", "en": "No recount by others"},
        {
            "ko": "표를 공개하지 않으므로 시 밖에서는 다시 셀 수 없습니다.",
            "en": "Ballots are not published, so nobody outside the city can count them again.",
        },
        (CONFIDENTIAL,),
    ),
    Statement(
        {"ko": "바로 투표한 사람", "en": "Voting at once"},
        {
            "ko": "허가증을 받자마자 투표한 사람은 같은 묶음의 표({batch_ballots}명 이상) 사이에만 "
            "숨습니다. 허가증을 미리 받아 두면 모든 유권자 사이에 숨습니다.",
            "en": "Who takes the permit and votes within a minute is hidden only among the voters "
            "of one batch, at least {batch_ballots}. Who takes it early is hidden among all.",
        },
        (SECRET,),
    ),
    Statement(
        {"ko": "웹 앱", "en": "The web app"},
        {
            "ko": "웹에서 쓰는 앱은 열 때마다 서버가 보낸 프로그램을 믿어야 합니다.",
            "en": "A web app trusts the server each time that it is loaded.",
        },
        (SECRET,),
    ),
    Statement(
        {"ko": "발급 기관의 표", "en": "The issuer could vote for itself"},
        {
            "ko": "발급 기관은 투표하지 않은 유권자 수만큼 허가증을 더 만들 수 있습니다. 발급 수는 "
            "결과와 함께 공개합니다.",
            "en": "One issuer can make permits inside unused eligibility. The number of permits "
            "issued is published with the result.",
        },
    ),
    Statement(
        {"ko": "자격", "en": "Who is eligible"},
        {
            "ko": "누가 투표할 자격이 있는지, 명부가 맞는지는 시를 믿어야 합니다.",
            "en": "That the register is right, and who was found eligible, rests on the city.",
        },
    ),
    Statement(
        {"ko": "명부 정정", "en": "Corrections of the roll"},
        {
            "ko": "투표하는 동안 공무원 두 사람이 명부에 사람을 더하거나 뺄 수 있습니다. 그때마다 "
            "공개 알림이 남고, 한 사람을 더하면 허가증이 하나 더 나갈 수 있습니다. 뺀 사람이 이미 "
            "받은 허가증은 그대로 쓰이며, 누구였는지와 허가증을 받았는지는 알리지 않습니다.",
            "en": "While a poll runs two officials can add people to its roll or strike them. Each "
            "time a public note is left, and one permit more may be issued for each who was "
            "added. A permit that somebody took before being struck stands; who it was, and "
            "whether there was one, is told to nobody.",
        },
    ),
    Statement(
        {"ko": "따로 세는 허가증", "en": "Permits counted apart"},
        {
            "ko": "투표가 확정될 때 허가증을 따로 세는 규칙을 둘 수 있습니다. 규칙마다 몇 건인지는 "
            "시의 주장이며 마감 뒤에 공개됩니다. 규칙에 걸린 사람이 누구인지 아는 사람은 그 "
            "수에서 그들이 허가증을 받았는지 알 수 있습니다. 따로 센 결과는 스무 표부터 보이므로, "
            "그 가운데 열아홉 사람의 표를 아는 사람은 나머지 한 표를 알 수 있습니다.",
            "en": "A poll can be frozen with rules by which permits are counted apart. How many "
            "each flagged is told after the end and is a claim of the city. Whoever knows whom a "
            "rule flags learns from a small number whether they took permits. The outcome without "
            "them is shown from twenty ballots on, so whoever knows nineteen of these learns the "
            "last.",
        },
    ),
    Statement(
        {"ko": "대상자 수", "en": "The number of the eligible"},
        {
            "ko": "확정된 투표에는 대상자의 정확한 수가 적혀 있습니다. 대상이 한 사람만 다른 두 "
            "투표의 수를 견주면 그 사람이 대상인지 알 수 있습니다.",
            "en": "Each frozen poll names the exact number of the eligible. Two polls whose "
            "audiences differ by one person tell whether that person is among them.",
        },
    ),
    Statement(
        {"ko": "비공개 방", "en": "Private rooms"},
        {
            "ko": "방의 비밀번호와 출입증은 남에게 건넬 수 있습니다. 비공개 투표도 게시판의 해시와 "
            "그 수는 누구나 볼 수 있습니다.",
            "en": "The password of a room and its passes can be handed on. Of a private poll too "
            "everyone sees the hashes on its board, and how many they are.",
        },
    ),
    Statement(
        {"ko": "마감 시각", "en": "The time of closing"},
        {
            "ko": "표에는 시각을 적지 않으므로, 마감 뒤에 온 표를 받지 않았다는 것은 시를 믿어야 "
            "합니다.",
            "en": "No ballot carries a time, so that none was taken after the close rests on the "
            "city.",
        },
    ),
    Statement(
        {"ko": "버려진 표", "en": "Dropped ballots"},
        {
            "ko": "접수증을 가진 사람이 확인해야만 버려진 표가 드러납니다.",
            "en": "A dropped ballot surfaces only if somebody kept the receipt and looks.",
        },
    ),
    Statement(
        {"ko": "중간 집계", "en": "Running totals"},
        {
            "ko": "화면, 내보내기, 기록에는 마감 전 집계가 없지만 운영하는 쪽은 데이터베이스에서 "
            "볼 수 있습니다.",
            "en": "The operator sees running totals in the database, even where every page, export "
            "and log hides them until the poll closes.",
        },
    ),
    Statement(
        {"ko": "드문 답", "en": "Telling answers"},
        {
            "ko": "만장일치인 결과는 표를 드러내고, 긴 순위 답은 표에 표시를 남기는 데 쓰일 수 "
            "있습니다.",
            "en": "Unanimous results reveal votes, and a long ranking can mark a ballot.",
        },
    ),
    Statement(
        {"ko": "글로 쓴 답", "en": "Texts"},
        {
            "ko": "공개되는 글에는 표로 이어지는 것이 없습니다. 그러나 마감 전에는 운영하는 쪽이 "
            "어느 글이 어느 표와 함께 왔는지 데이터베이스에서 볼 수 있고, 글투에서 쓴 사람이 "
            "드러날 수 있습니다.",
            "en": "Nothing that is kept of a published text leads to a ballot. Until the poll "
            "closes the operator can see in the database which text came with which ballot, and "
            "a text can give away who wrote it.",
        },
    ),
    Statement(
        {"ko": "데이터베이스의 로그", "en": "Logs of the database"},
        {
            "ko": "PostgreSQL이 보관하는 선행 기록 로그에는 표가 들어온 순서가 남습니다. "
            "보관 기간을 짧게 두어야 합니다.",
            "en": "PostgreSQL's archived write-ahead log keeps the order in which ballots came. "
            "Keep it short.",
        },
    ),
    Statement(
        {"ko": "잃어버린 휴대전화", "en": "A lost phone"},
        {
            "ko": "이미 허가증을 받은 번호에는 그 투표의 허가증을 다시 드리지 않습니다.",
            "en": "A number gets no second permit in a poll for which it already has one; without "
            "a backup the phone that is lost takes it along.",
        },
    ),
)


def proved(level: str, figures: Figures) -> tuple[Statement, ...]:
    """What anyone can hold the city to at this level."""
    return tuple(one.filled(figures) for one in PROVED if level in one.levels)


def not_proved(level: str, figures: Figures) -> tuple[Statement, ...]:
    """What nobody should believe to be proved at this level."""
    return tuple(one.filled(figures) for one in NOT_PROVED if level in one.levels)


def privacy_sentence(level: str, figures: Figures) -> Words:
    """What a voter is told before voting."""
    told = [one.filled(figures).text for one in TOLD if level in one.levels]
    sentence = LEVELS.get(level).sentence
    return {
        language: " ".join((sentence[language], *(text[language] for text in told)))
        for language in LANGUAGES
    }


def readme_section(figures: Figures) -> str:
    """The limits in Markdown: what each level tells its voters, then what is not proved."""
    levels = [
        f"- **`{one.name}`**: {privacy_sentence(one.name, figures)['en']}\n" for one in LEVELS
    ]
    rows = [
        f"- **{one.title['en']}{_where(one)}.** {one.filled(figures).text['en']}\n"
        for one in NOT_PROVED
    ]
    return "".join(
        ("What a voter is told, by privacy level:\n\n", *levels, "\nNot proved:\n\n", *rows)
    )


def figures_of(settings: object) -> Figures:
    """The settings that the table speaks of."""
    table = (*TOLD, *PROVED, *NOT_PROVED)
    texts = [one.text[language] for one in table for language in LANGUAGES]
    names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    return {name: getattr(settings, name) for name in sorted(names)}


def _where(one: Statement) -> str:
    """At which levels, where not at all."""
    named = [f"`{level}`" for level in one.levels]
    return "" if one.levels == EVERYWHERE else f" (at {' and '.join(named)})"
