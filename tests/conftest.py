"""What holds for every test: nothing is left behind with whoever runs them, nothing asked twice."""

from collections.abc import Iterator

import pytest
from tests.together import Together


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    Together.running = item
    try:
        return (yield)
    finally:
        Together.running = None
