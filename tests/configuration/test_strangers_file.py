"""A collection may be a stranger's: nothing in `.linkhealth.yml` opens the private network, runs a program, names a
path outside or sends data to a new place. Each is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, OPTIONS, ConfigurationError, load
from crawler.content import Repository, read_site

OPERATORS = sorted(name for name, option in OPTIONS.items() if option.is_operators)
ABOVE = {
    "": "{}\n",
    "a profile": "profiles: {{p: {}}}\n",
    "a host": "hosts: {{a.example: {}}}\n",
    "a host of a profile": "profiles: {{p: {{hosts: {{a.example: {}}}}}}}\n",
    "the policy": "policy: {}\n",
    "an exclusion": "exclude_urls: {{'*a': {}}}\n",
}


def refused(folder: Path, text: str) -> str:
    (folder / FILE_NAME).write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(folder, {}, {"HOME": str(folder), "GITHUB_TOKEN": "ghp_s3cret"})
    assert "ghp_" not in str(caught.value)
    return str(caught.value)


def test_the_operators_options_are_these() -> None:
    assert [
        *("allow_private", "ca_file", "clock", "connect_to", "database_url"),
        *("processes", "proxy", "second_resolver"),
    ] == OPERATORS


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("name", OPERATORS)
def test_what_the_operator_chooses_stands_nowhere_in_the_file(
    tmp_path: Path, name: str, above: str
) -> None:
    assert name in refused(tmp_path, above.format(f"{{{name}: 'yes'}}"))


@pytest.mark.parametrize(
    "text",
    [
        "retries: !!python/object/apply:os.system [id]\n",
        "retries: !!python/name:os.system\n",
        "exclude: !include /etc/passwd\n",
        "<<: *defaults\n",
        "extends: ../other.yml\n",
        "include_file: /etc/passwd\n",
        "command: id\n",
        "hooks: {before: id}\n",
        "report_formats: [/tmp/my_format.py]\n",
        "extractors: [my_module]\n",
        "notifications: {slack: https://hooks.example/x}\n",
        "webhook: https://hooks.example/x\n",
        "upload: s3://bucket\n",
        "sentry_dsn: https://x@sentry.example/1\n",
        "out: /tmp/reports\n",
        "state: /tmp/state.sqlite3\n",
        "settings: {FEEDS: {s3://bucket: {}}}\n",
    ],
)
def test_there_is_no_key_that_runs_reads_or_sends(tmp_path: Path, text: str) -> None:
    refused(tmp_path, text)


@pytest.mark.parametrize(
    "path",
    [
        "/etc",
        "../out",
        "data/../../out",
        "..",
        ".",
        "~/.ssh",
        ".git/hooks",
        "data/.hidden",
        "C:\\out",
        "a\\..\\b",
    ],
)
def test_what_is_written_stays_inside(tmp_path: Path, path: str) -> None:
    assert "sidecar_folder" in refused(tmp_path, f"sidecar_folder: '{path}'\n")


@pytest.mark.parametrize(
    "include",
    ["../outside", "../*", "*/../../outside/*", "/outside", "{root}/outside", "link", "**/*"],
)
def test_what_is_read_stays_inside(tmp_path: Path, include: str) -> None:
    inside, outside = tmp_path / "content", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "a.md").write_text("---\ntitle: a\n---\n")
    (outside / "b.md").write_text("---\ntitle: b\n---\n")
    (inside / "link").symlink_to(outside)
    (inside / FILE_NAME).write_text(f"include: ['{include.format(root=tmp_path)}']\n")
    configuration = load(inside, {}, {})
    site = read_site(inside, None)
    repository = Repository(inside, None, configuration.exclude, site, configuration.include)
    assert [str(path) for path in repository.paths()] == ["a.md"]


@pytest.mark.parametrize(
    "variable",
    [
        *(
            "GITHUB_TOKEN",
            "PATH",
            "AWS_SECRET_ACCESS_KEY",
            "LINKHEALTH_DATABASE_URL",
            "LINKHEALTH_PROXY",
        ),
        *("linkhealth_credential_x", "LINKHEALTH_CREDENTIAL_", "LINKHEALTH_CREDENTIAL_X_HOSTS"),
        *("LINKHEALTH_CREDENTIAL_X-Y", "XLINKHEALTH_CREDENTIAL_X", "LINKHEALTH_SECRET_KEYS"),
        *("LINKHEALTH_CREDENTIAL_X\\nGITHUB_TOKEN", "$GITHUB_TOKEN", "${GITHUB_TOKEN}", ""),
    ],
)
@pytest.mark.parametrize(
    "rule",
    [
        "bearer: {env: %s}",
        "basic: {user_env: %s, password_env: LINKHEALTH_CREDENTIAL_X}",
        "headers: {X-Key: {env: %s}}",
        "cookies: {a: {env: %s}}",
    ],
)
def test_no_other_variable_can_be_named(tmp_path: Path, rule: str, variable: str) -> None:
    quoted = f'"{variable}"'
    told = refused(tmp_path, f"hosts: {{evil.example: {{{rule % quoted}}}}}\n")
    assert "begins with LINKHEALTH_CREDENTIAL_" in told


@pytest.mark.parametrize(
    "value", ["${GITHUB_TOKEN}", "$GITHUB_TOKEN", "{{ env.GITHUB_TOKEN }}", "%GITHUB_TOKEN%"]
)
def test_no_text_is_expanded(tmp_path: Path, value: str) -> None:
    text = f'user_agent: "{value}"\nhosts: {{evil.example: {{headers: {{X-A: "{value}"}}}}}}\n'
    (tmp_path / FILE_NAME).write_text(text)
    configuration = load(tmp_path, {}, {"GITHUB_TOKEN": "ghp_s3cret"})
    sent = configuration.sent("https://evil.example/", "https://evil.example/", is_verified=True)
    assert (configuration.agent, sent.headers) == (value, (("X-A", value),))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert({path})", "data:text/html,{path}", "file:///{path}", "ftp://x/{path}"],
)
def test_no_report_holds_a_link_that_runs(tmp_path: Path, address: str) -> None:
    refused(tmp_path, f"link_pattern: '{address}'\n")
