"""How long it takes to find similar proposals among ten thousand, against comparing them all.

``python -m tests.benchmarks.similar [PROPOSALS]`` prints one line for each way, in
processor time.
"""

import random
import sys
from time import process_time

from mvote.votes.proposals.rules_similar import rank, sift, sketch_of

THINGS = ("자전거길", "놀이터", "버스정류장", "그늘막", "도서관", "가로등", "횡단보도", "벤치")
PLACES = ("청계천", "한강", "마포구", "은평구", "시청", "지하철역", "학교", "시장", "골목")
WISHES = ("넓혀주세요", "만들어주세요", "고쳐주세요", "늘려주세요", "옮겨주세요")
ASKED = "마포구 자전거길을 넓혀 주세요"
TRIES = 10


def main() -> None:
    """Seeded, so that every run compares the same."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rng = random.Random(7)
    made = []
    for place in range(number):
        title = " ".join(rng.choice(words) for words in (PLACES, THINGS, WISHES))
        text = " ".join(rng.choice((*PLACES, *THINGS, *WISHES)) for _ in range(80))
        made.append((f"{place:016d}", title, text))
    kept = [(name, sketch_of(title, text)) for name, title, text in made]
    texts = {name: (title, text) for name, title, text in made}
    begin = process_time()
    for _ in range(TRIES):
        best = sift(ASKED, kept, most=50)
        found = rank(ASKED, [(one, *texts[one]) for one in best], least=35, most=5)
    sifted = (process_time() - begin) / TRIES
    begin = process_time()
    every = rank(ASKED, made, least=35, most=5)
    whole = process_time() - begin
    sys.stdout.write(f"sifted {sifted * 1000:8.1f} ms  {found[0]} {texts[found[0][0]][0]}\n")
    sys.stdout.write(f"every  {whole * 1000:8.1f} ms  {every[0]} {texts[every[0][0]][0]}\n")
    sys.stdout.write(
        f"ratio  {whole / sifted:8.1f}; in both {len({*found} & {*every})} of {len(every)}\n"
    )


if __name__ == "__main__":
    main()
