import threading
import time

import pytest

from mvote.client.errors import Refused, SwarmStopped
from mvote.client.swarm import run_all


def refused(code: str) -> Refused:
    return Refused(status=409, code=code, sentences={"ko": "안 됩니다.", "en": "No."}, params={})


def test_outcomes_come_in_the_order_of_the_items() -> None:
    def work(number: int) -> int:
        time.sleep(0.001 * (number % 7))
        return number * number

    outcomes = run_all(range(200), work, threads=8)
    assert [outcome.value for outcome in outcomes] == [n * n for n in range(200)]


def test_no_more_threads_than_allowed_and_none_left_behind() -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    workers: set[threading.Thread] = set()
    together = threading.Barrier(3, timeout=60)

    def work(number: int) -> None:
        nonlocal at_once, most
        with lock:
            workers.add(threading.current_thread())
            at_once += 1
            most = max(most, at_once)
        if number < 3:  # so that all three have begun
            together.wait()
        time.sleep(0.005)
        with lock:
            at_once -= 1

    run_all(range(60), work, threads=3)
    assert most == 3
    assert not any(worker.is_alive() for worker in workers)


def test_items_are_taken_one_by_one() -> None:
    taken: list[int] = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield number

    def work(number: int) -> None:
        if number == 10:
            raise refused("poll-closed")

    with pytest.raises(SwarmStopped):
        run_all(items(), work, threads=1)
    assert taken == list(range(11))


def test_an_expected_refusal_is_an_outcome() -> None:
    def work(number: int) -> int:
        if number % 2:
            raise refused("not-eligible")
        return number

    outcomes = run_all(range(4), work, threads=2, expected={"not-eligible"})
    assert [outcome.value for outcome in outcomes] == [0, None, 2, None]
    assert [outcome.refused and outcome.refused.code for outcome in outcomes] == [
        None,
        "not-eligible",
        None,
        "not-eligible",
    ]


def test_what_was_not_expected_stops_all_and_says_what_it_was() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 5:
            raise refused("poll-closed")
        done.append(number)
        time.sleep(0.01)

    with pytest.raises(SwarmStopped, match=r"number 6 .*409 poll-closed: No\.") as stopped:
        run_all(range(10_000), work, threads=2, expected={"not-eligible"})
    assert isinstance(stopped.value.__cause__, Refused)
    assert stopped.value.place == 5
    assert len(done) < 1000  # what the other thread did before the first was heard


def test_a_fault_in_the_items_or_in_the_work_stops_all_too() -> None:
    def items():
        yield 1
        raise OSError("the file ended")

    with pytest.raises(SwarmStopped, match="the file ended"):
        run_all(items(), lambda number: number, threads=2)
    with pytest.raises(SwarmStopped, match="ZeroDivision"):
        run_all([0], lambda number: 1 // number, threads=2)


def test_progress_is_told_by_the_caller_and_ends_at_all() -> None:
    told: list[tuple[int, int]] = []
    telling = threading.Event()

    def progress(done: int) -> None:
        told.append((done, threading.get_ident()))
        telling.set()

    def work(_: int) -> None:
        telling.clear()
        assert telling.wait(60)

    run_all(range(4), work, threads=1, progress=progress)
    counts = [done for done, _ in told]
    assert counts == sorted(counts)
    assert counts[-1] == 4
    assert len(set(counts)) > 2
    assert {ident for _, ident in told} == {threading.get_ident()}


def test_nothing_to_do_is_done_at_once() -> None:
    assert run_all([], lambda item: item, threads=4) == []
