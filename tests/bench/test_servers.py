"""The servers that are measured: the service itself and the bare one beside it both answer."""

import pytest

from training.bench.servers import SERVE, SERVE_BARE, serving
from training.config import Config


@pytest.mark.parametrize("code", [SERVE, SERVE_BARE], ids=["the service", "the bare one"])
def test_a_server_to_be_measured_answers(sqlite_url, code):
    with serving(Config.from_env({"TRAINING_DATABASE_URL": sqlite_url}), code=code) as served:
        assert served.port > 0
        assert served.seconds > 0
