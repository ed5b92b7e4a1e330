"""The web on which a pace is measured: one nginx in a namespace in which every name leads to it, plain or by TLS, near or far.

Sites with an odd number give no validators: a second visit gets their pages whole, byte for byte as before, where the
others answer 304.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ADDRESS = "93.184.215.14"
"""A public address that only the namespace has."""
_TICKS = os.sysconf("SC_CLK_TCK")

_NGINX = """
{modules} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
worker_rlimit_nofile 20000; {user}
events {{ worker_connections 8000; multi_accept on; }}
http {{
    types {{ text/html html; image/jpeg jpg; image/png png; image/webp webp; image/avif avif; image/gif gif; }}
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
    open_file_cache max=20000; server_names_hash_bucket_size 128;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; {tls}
    server {{
        listen {address}:{port} backlog=8192 default_server; root {folder}/sites/$host; {waiting}
        location = /robots.txt {{ return 200 "User-agent: *\\nDisallow: /never\\n"; }}
    }}
    server {{
        listen {address}:{port}; server_name ~^www\\.site-[0-9]*[13579]-; root {folder}/sites/$host; {waiting}
        etag off; if_modified_since off; add_header Last-Modified "";
        location = /robots.txt {{ return 200 "User-agent: *\\nDisallow: /never\\n"; }}
    }}
}}
"""
_TLS = "ssl_certificate {folder}/chain.pem; ssl_certificate_key {folder}/key.pem; ssl_session_cache shared:s:10m;"

_ECHO = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
_WAIT = "location / {{ echo_sleep {seconds}; echo_exec @file; }} location @file {{ }}"


def know_names(folder: Path, hosts: Sequence[str]) -> None:
    """In this namespace every name leads to the server."""
    for command in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"],
    ):
        subprocess.run(command, check=True)
    lines = [
        "127.0.0.1 localhost",
        f"{ADDRESS} example.com www.example.com",
        *(f"{ADDRESS} {name}" for name in hosts),
    ]
    (folder / "hosts").write_text("\n".join(lines) + "\n")
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)


@contextmanager
def nginx(folder: Path, hosts: Sequence[str], *, tls: bool, wait: float) -> Iterator[int]:
    """The server's worker, by its process id. By TLS, `folder/ca.pem` is who signed its certificate. Each answer begins
    after `wait` seconds."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        sys.exit("it needs nginx (Debian, Ubuntu: apt-get install nginx-light)")
    if wait and not _ECHO.exists():
        sys.exit("to wait it needs nginx's echo (Debian, Ubuntu: libnginx-mod-http-echo)")
    if tls:
        _certify(folder, hosts)
    (folder / "nginx.conf").write_text(
        _NGINX.format(
            folder=folder,
            address=ADDRESS,
            user="user root;" if os.geteuid() == 0 else "",
            port="443 ssl http2" if tls else "80",
            tls=_TLS.format(folder=folder) if tls else "",
            modules=f"load_module {_ECHO};" if wait else "",
            waiting=_WAIT.format(seconds=wait) if wait else "",
        )
    )
    with subprocess.Popen(
        [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    ) as process:
        until = time.monotonic() + 10
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (workers := children.read_text().split()) and time.monotonic() < until:
            time.sleep(0.05)
        try:
            yield int(workers[0])
        finally:
            process.terminate()


def processor_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def received() -> int:
    """Bytes that the namespace's one device has received: everything, in both directions."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        device, _, counts = line.partition(":")
        if device.strip() == "lo":
            return int(counts.split()[0])
    return 0


def _certify(folder: Path, hosts: Sequence[str]) -> None:
    import trustme

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    made = authority.issue_cert(*hosts, "example.com", "www.example.com")
    made.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "chain.pem").write_bytes(b"".join(one.bytes() for one in made.cert_chain_pems))
