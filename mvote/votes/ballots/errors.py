"""Why a ballot is not taken, and why a count is not told."""

from mvote.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, Unavailable


class SeqConflict(Conflict):
    words = {
        "ko": "같은 순번({seq})의 다른 표가 이미 접수되어 있습니다.",
        "en": "Another ballot with the number {seq} has been taken already.",
    }


class StaleSeq(Conflict):
    words = {
        "ko": "더 나중 순번의 표가 이미 접수되어 있어 순번 {seq}의 표는 받을 수 없습니다.",
        "en": "A later ballot has been taken already, so ballot number {seq} comes too late.",
    }


class RevoteNotAllowed(Conflict):
    words = {
        "ko": "이 투표에서는 한 번 던진 표를 바꿀 수 없습니다.",
        "en": "In this poll a ballot that was cast cannot be changed.",
    }


class IntakeFull(Unavailable):
    words = {
        "ko": "지금 투표가 몰리고 있습니다. 표는 접수되지 않았습니다."
        " 잠시 뒤 같은 표를 다시 보내 주십시오.",
        "en": "Very many are voting right now. The ballot was not taken."
        " Please send the same ballot again shortly.",
    }


class TooManyBadBallots(TooMany):
    """Said unseen: whether this one is good was not looked at."""

    words = {
        "ko": "같은 인터넷 주소에서 잘못된 표가 많이 와서 하나씩 확인하고 있습니다. 이 표는 아직"
        " 접수되지 않았습니다. 잠시 뒤 같은 표를 다시 보내 주십시오.",
        "en": "Many bad ballots came from the same internet address, so they are checked one at a"
        " time. This one was not taken yet. Please send the same ballot again shortly.",
    }


class BallotFateUnknown(Unavailable):
    """The ballot may or may not be stored; the same bytes again are never a second ballot."""

    words = {
        "ko": "표가 저장되었는지 지금 확인할 수 없습니다. 같은 표를 그대로 다시 보내 주십시오."
        " 두 번 세지 않습니다.",
        "en": "It cannot be told right now whether the ballot was stored. Please send exactly the"
        " same ballot again; it will not count twice.",
    }


class BallotNotStorable(Unavailable):
    """The database refuses this one ballot while others beside it are stored."""

    words = {
        "ko": "이 표를 저장하지 못했습니다. 표는 접수되지 않았습니다."
        " 운영 담당자에게 알려 주십시오.",
        "en": "This ballot could not be stored and was not taken. Please tell the operator.",
    }


class CountHiddenBeforeClose(Conflict):
    words = {
        "ko": "이 투표는 마감 전에 집계를 공개하지 않습니다.",
        "en": "This poll shows no count before it is closed.",
    }


class BallotsNotOpen(NotAllowed):
    words = {
        "ko": "이 투표는 실명 투표가 아니므로 누가 무엇을 골랐는지 공개하지 않습니다.",
        "en": "This poll is not an open one, so who chose what is not published.",
    }


class BoardNotReady(Unavailable):
    """The poll was frozen a moment ago; its first entry comes with the next round of the worker."""

    words = {
        "ko": "이 투표의 게시판을 준비하고 있습니다. 잠시 뒤 다시 시도해 주십시오.",
        "en": "The board of this poll is being set up. Please try again shortly.",
    }


class BoardBehindCheckpoint(Unavailable):
    """The database is older than what was published; going on would fork the board."""

    words = {
        "ko": "이 투표의 게시판이 이미 공개한 확인점보다 뒤처져 있어 멈추었습니다."
        " 운영 담당자가 확인하고 있습니다.",
        "en": "The board of this poll lies behind the checkpoint that was published last, so it"
        " stands still. The operator has been told.",
    }


class PrefixMalformed(Invalid):
    words = {
        "ko": "앞자리는 소문자 16진수로 적어 주십시오.",
        "en": "The prefix has to be in lower-case hexadecimal.",
    }


class PrefixTooLong(Invalid):
    """So long that it would tell whose leaf is looked for."""

    words = {
        "ko": "찾는 표를 짐작할 수 있을 만큼 깁니다. 앞 {most}자리까지만 보내 주십시오.",
        "en": "This is so long that it tells which leaf you look for. Send its first {most} digits"
        " at most.",
    }


class PrefixTooShort(Invalid):
    """So short that the answer would be most of a large board."""

    words = {
        "ko": "답이 너무 길어집니다. 앞 {least}자리를 보내 주십시오.",
        "en": "The answer would be too long. Send the first {least} digits.",
    }


class TreeSizeUnknown(Invalid):
    words = {
        "ko": "게시판의 크기는 1부터 {size}까지입니다.",
        "en": "The board has had the sizes 1 to {size}.",
    }


class TileNotThere(NotFound):
    words = {"ko": "그런 타일이 없습니다.", "en": "There is no such tile."}


class BallotsNotPublished(NotAllowed):
    words = {
        "ko": "이 투표의 공개 단계에서는 표를 공개하지 않습니다.",
        "en": "At the privacy level of this poll ballots are not published.",
    }


class EntriesAfterClose(Conflict):
    words = {
        "ko": "투표함에 든 표는 마감 뒤에 공개합니다.",
        "en": "What stands on the board is published after the close.",
    }


class EntryTooLongForTile(Conflict):
    words = {
        "ko": "항목 하나가 65535바이트보다 길어 타일에 담을 수 없습니다."
        " 재검표 묶음에는 들어 있습니다.",
        "en": "An entry is longer than the 65535 bytes that a tile can hold. The recount bundle"
        " has it.",
    }


class BallotOnBoard(Conflict):
    words = {
        "ko": "이 접수증의 표는 게시판의 {position}번 자리에 있습니다(게시판 크기 {size}).",
        "en": "The ballot of this receipt is on the board, at position {position} of {size}.",
    }


class InclusionNotDue(Conflict):
    words = {
        "ko": "이 표는 {include_by}까지 게시판에 오르게 되어 있습니다."
        " 그 뒤에도 없으면 다시 보내 주십시오.",
        "en": "This ballot is promised its place by {include_by}. If it is missing after that,"
        " send the receipt again.",
    }


class ComplaintUnknown(NotFound):
    words = {"ko": "그런 이의 신청이 없습니다.", "en": "There is no such complaint."}


class ComplaintAnswered(Conflict):
    words = {
        "ko": "이미 답변한 이의 신청입니다.",
        "en": "This complaint has been answered already.",
    }


class BoardKeyMissing(Unavailable):
    words = {
        "ko": "이 투표의 게시판이 서명할 키가 없습니다. 운영 담당자에게 알려 주십시오.",
        "en": "The key with which this poll's board signs is not here. Please tell the operator.",
    }
