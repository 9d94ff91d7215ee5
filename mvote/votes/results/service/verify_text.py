"""The page in a bundle that says how to count again."""

from mvote.core.poll import PollDefinition
from mvote.core.secrecy.limits import Figures, Statement, not_proved, proved

_PAGE = """\
# {ko} · {en}

`{poll}` · SHA-256 {ph}

이 묶음에는 투표 `{poll}`의 게시판에 오른 모든 것이 들어 있습니다.
mvote의 소스 폴더에서 다음 명령으로 다시 셉니다.
This bundle holds everything that stood on the board of the poll `{poll}`.
Count it again in the folder of mvote's source; nothing else of it has to be installed:

```
pip install cryptography rfc8785
{command}
```

## 확인 방법 · How it is checked

1. `manifest.json`: SHA-256 of every file. Every JSON is parsed strictly (no doubled keys, no
   floats, NFC) and is RFC 8785.
2. `poll.json` is the first line of `entries.jsonl`; its SHA-256 is the poll hash `ph`. Take the
   board key from elsewhere than from here, for example from the poll's page before it closed.
3. Leaf = SHA-256(0x00 || line). The root over all leaves (RFC 9162) is that of `checkpoint`, a
   C2SP signed note under the board key. Each file in `checkpoints/` is an earlier root over the
   first leaves.
4. The last line closes the board: `counts`, `issued`, and `issued_sha256` = SHA-256 over the
   JSON list of hashes in `issued.json`.
5. `suspend`, `resume` and `note` tell what happened at their `position`. A note about an outage
   moves the closing by the length of the outage, as far as `outage` in `poll.json` allows.
6. Every ballot: `poll` and `ph` are the poll's; `permit` is an RFC 9474 signature
   (RSABSSA-SHA384-PSS-Randomized) over `pre || "mvote-permit-v1" || 0x00 || ph || bk`; `sig` is
   an Ed25519 signature of `bk` over `"mvote-ballot-v1" || 0x00 || the ballot without sig`;
   `ans` keeps the rules of the questions; no `bk` uses a `seq` twice.
7. Of each `bk` the highest `seq` counts. Voters are not more than `issued`, which is not more
   than `eligible`.
8. The methods named in `poll.json` give the outcomes in `result.json`.

## 확인되는 것 · What this proves

{proved}
## 확인되지 않는 것 · What this does not prove

{not_proved}"""


def verify_command(definition: PollDefinition) -> str:
    """What a stranger types to count a poll again, beside the downloaded bundle."""
    bundle, key = f"{definition.poll}.zip", definition.board_key
    return f"python -m mvote.core.verify {bundle} --board-key {key}"


def verify_text(definition: PollDefinition, figures: Figures) -> str:
    """The page for one poll."""
    return _PAGE.format(
        ko=definition.title["ko"],
        en=definition.title["en"],
        poll=definition.poll,
        ph=definition.hash,
        command=verify_command(definition),
        proved=_listed(proved(definition.level, figures)),
        not_proved=_listed(not_proved(definition.level, figures)),
    )


def _listed(statements: tuple[Statement, ...]) -> str:
    return "".join(
        f"- **{one.title['ko']} · {one.title['en']}.** {one.text['ko']} {one.text['en']}\n"
        for one in statements
    )
