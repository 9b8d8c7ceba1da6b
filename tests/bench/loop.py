"""The least that hands texts over: the `twilio` client in a pool of threads. `python -m tests.bench.loop URL TEXTS`."""

import sys
from concurrent.futures import ThreadPoolExecutor

import requests
from twilio.rest import Client

THREADS = 16


def hand_over(url: str, texts: int) -> None:
    client = Client("AC00000000000000000000000000000001", "token")
    client.api.base_url = url
    # the library's own pool keeps ten connections, and the other six would be opened anew for each text
    client.http_client.session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=THREADS))
    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(texts):
            pool.submit(client.messages.create, to=f"+1415{number:07d}", from_="+14155550100", body="Hello!")


if __name__ == "__main__":
    hand_over(sys.argv[1], int(sys.argv[2]))
