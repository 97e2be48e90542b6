"""Measuring on a Dask cluster: a build's tasks on other machines, refused where these would compute something else."""

import asyncio
import logging
import pickle
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from vgcore.press.errand import checked, difference, made_to_travel, survey
from vgcore.press.project import ProjectError
from vgcore.press.workers import TaskFailed

CONNECT_SECONDS = 5


class Cluster(ThreadPoolExecutor):
    """An executor like `Workers`, on the Dask cluster whose scheduler is at `address`.

    Each thread hands over one task at a time. Where a worker is lost, Dask gives its tasks to another one. A future's
    exception is always a `TaskFailed`.
    """

    def __init__(self, address: str) -> None:
        self._client = _connect(address)
        self._errand = made_to_travel()
        self._here = survey()
        try:
            self._agree(address)
            self.threads = sum(self._client.nthreads().values())
        except BaseException:
            self._client.close()
            raise
        super().__init__(max_workers=self.threads, thread_name_prefix="cluster")

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run an importable function of picklable arguments."""
        return super().submit(self._wait_for, pickle.dumps((checked, (self._here, function, args, kwargs), {})))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.shutdown(wait=False, cancel_futures=True)
            self._client.close()  # nobody waits for what is running any more, so the workers end it
        self.shutdown(wait=True)
        self._client.close()

    def _agree(self, address: str) -> None:
        workers = self._client.run(platform.python_version_tuple)
        if not workers:
            raise ProjectError(f"the Dask cluster at {address} has no workers: start some with `dask worker {address}`")
        for worker, trouble in self._troubles(workers):
            if trouble:
                raise ProjectError(f"the worker {worker} {trouble}")

    def _troubles(self, pythons: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        """For each worker what is wrong with it, or nothing; first its Python, without which no errand is read."""
        for worker, python in pythons.items():
            yield worker, difference({"python": self._here["python"]}, {"python": ".".join(python[:2])})
        answers = self._client.run(self._errand, pickle.dumps((survey, (), {})), on_error="return")
        for worker, answer in answers.items():
            try:
                yield worker, difference(self._here, _result(answer))
            except TaskFailed as error:
                yield worker, f"cannot run this book ({error}): start it in a checkout, in its Python environment"

    def _wait_for(self, request: bytes) -> Any:
        try:
            remote = self._client.submit(self._errand, request, pure=False)
            while True:
                try:
                    return _result(remote.result(timeout=10))
                except TimeoutError:
                    self._client.wait_for_workers(1, timeout=30)  # a lost one is replaced in a few seconds
        except TaskFailed:
            raise
        except Exception as error:
            first_line, *_ = f"{error}\n".splitlines()
            raise TaskFailed(f"the cluster lost it: {first_line}") from error


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ProjectError("Dask is missing: install it with `pip install 'vgcore[dask]'`") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # its tracebacks are told as sentences here
    try:
        asyncio.run(asyncio.wait_for(_greet(address), CONNECT_SECONDS))
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # whatever another kind of server makes of a greeting
        reason = str(error) or f"nothing answers within {CONNECT_SECONDS} s"
        raise ProjectError(f"there is no Dask scheduler at {address}: {reason}") from None


async def _greet(address: str) -> None:
    """Find out whether something that speaks Dask is there: a client would wait for its greeting for ever."""
    from distributed.comm.core import connect
    from distributed.security import Security

    (await connect(address, **Security().get_connection_args("client"))).abort()


def _result(answer: bytes | Exception) -> Any:
    """What an answer holds, returned or raised."""
    if not answer:
        raise TaskFailed("its process ended with no result: the worker's log says why")
    if isinstance(answer, Exception):
        raise TaskFailed(str(answer)) from answer
    content = pickle.loads(answer)
    if isinstance(content, TaskFailed):
        raise content
    return pickle.loads(content)
