"""Where a visitor comes from: a proxy that is trusted is believed about it, and nobody else."""

import pytest

from bot.visitors import Proxies

NGINX = "172.18.0.5"


@pytest.mark.parametrize(
    ("remote", "forwarded", "comes_from"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
        (NGINX, ["198.51.100.7"], "198.51.100.7"),
        (NGINX, ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        (NGINX, ["6.6.6.6, 198.51.100.7, 172.18.0.9"], "198.51.100.7"),
        (NGINX, ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        (NGINX, ["172.18.0.9"], "172.18.0.9"),
        (NGINX, ["198.51.100.7, nonsense"], NGINX),
        (NGINX, [""], NGINX),
        ("::ffff:172.18.0.5", ["198.51.100.7"], "198.51.100.7"),
        (NGINX, ["2001:db8:1:2:aaaa::1"], "2001:db8:1:2::/64"),
        (NGINX, ["2001:db8:1:2:bbbb::1"], "2001:db8:1:2::/64"),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy_counts(
    remote: str, forwarded: list[str], comes_from: str
) -> None:
    assert Proxies("127.0.0.0/8, ::1, 172.16.0.0/12").nearest(remote, forwarded) == comes_from
