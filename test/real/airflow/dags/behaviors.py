"""One DAG for each way in which runs behave. The settings of a run are in its conf."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

from airflow.sdk import DAG, Param, get_current_context, setup, task, teardown


def conf(name: str, default: float) -> float:
    return (get_current_context()["dag_run"].conf or {}).get(name, default)


def sleep(seconds: float) -> None:
    # In short parts, so that a signal ends it soon.
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)


with DAG("sleeps", dag_display_name="Sleeps a while", schedule=None):

    @task
    def rest() -> None:
        sleep(conf("seconds", 600))
        if conf("fails", 0):
            raise RuntimeError("the target rejected the data")

    rest()

with DAG("fails", schedule=None):

    @task
    def load() -> None:
        raise ValueError("column total is missing")

    @task
    def publish() -> None:
        pass

    load() >> publish()

with DAG("fails_once", schedule=None):

    @task
    def fragile() -> None:
        context = get_current_context()
        if context["ti"].try_number == 1:
            raise RuntimeError("first try")

    fragile()

with DAG("retries", schedule=None):

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def again() -> None:
        if get_current_context()["ti"].try_number == 1:
            raise RuntimeError("first try")

    again()

with DAG("tears_down", schedule=None):

    @setup
    def create() -> None:
        pass

    @task
    def use() -> None:
        sleep(conf("seconds", 600))

    @teardown
    def delete() -> None:
        sleep(conf("teardown_seconds", 3))

    created = create()
    deleted = delete()
    created >> use() >> deleted
    created >> deleted

with DAG("ignores_stop", schedule=None):

    @task
    def stubborn() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sleep(conf("seconds", 600))

    stubborn()

with DAG("maps", schedule=None):

    @task
    def part(number: int) -> int:
        return number

    part.expand(number=[1, 2, 3, 4, 5, 6, 7])

with DAG("skips", schedule=None):

    @task.branch
    def choose() -> str:
        return "chosen"

    @task
    def chosen() -> None:
        raise RuntimeError("chosen, and failed")

    @task
    def left_out() -> None:
        pass

    choose() >> [chosen(), left_out()]

with DAG("paused", schedule=None, is_paused_upon_creation=True, tags=["stopped"]):

    @task
    def never() -> None:
        pass

    never()

with DAG("succeeds", schedule=None, params={"table": Param("orders", type="string")}):

    @task
    def copy() -> str:
        return "copied"

    copy()
