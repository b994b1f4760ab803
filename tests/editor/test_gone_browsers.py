import asyncio
import gc
import logging

import pytest
from tornado.websocket import WebSocketClosedError

from weftwork.editor.gone_browsers import expect_gone_browsers


@pytest.mark.parametrize(("error", "said"), [(WebSocketClosedError(), 0), (ValueError("of ours"), 1)])
def test_only_the_closing_of_a_tab_is_not_reported(error, said, caplog):
    async def send():
        raise error

    async def forget():
        expect_gone_browsers(asyncio.get_running_loop())
        task = asyncio.ensure_future(send())
        await asyncio.wait([task])
        del task
        gc.collect()

    with caplog.at_level(logging.ERROR, "asyncio"):
        asyncio.run(forget())
    assert len([record for record in caplog.records if "never retrieved" in record.getMessage()]) == said
