"""The policy: every number that a rule uses, in one place, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from crawler.model.check import ImageCode, Level, Size
from crawler.rules.path_globs import is_within_glob


class WriteBack(StrEnum):
    """Whose findings go into the files, or beside them (rule W1)."""

    NO = "no"
    OWN = "own"
    ALL = "all"
    PROBLEMS = "problems"
    SIDECAR = "sidecar"


class TextLinks(StrEnum):
    """Whether the links of the text below the front matter are visited (rule K3)."""

    AUTO = "auto"
    """Of articles whose front matter names no page of theirs."""
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class StrikePolicy:
    """When `broken` becomes `dead`: InternetArchiveBot's three strikes, tightened (rules S2, S3, S5).

    "Ours" marks a number that goes beyond those of the source (docs/adr/0010).
    """

    strikes: int = 3
    strikes_definite: int = 2
    """Enough for 410 and NXDOMAIN."""
    apart: timedelta = timedelta(hours=72)
    span: timedelta = timedelta(days=7)
    runs: int = 2
    passing_span: timedelta = timedelta(days=10, hours=12)
    """The span of strikes that include a connection failure, since such a failure is transient. It is half a day
    short of 11 days, so that a daily run that starts a little sooner still counts. Ours."""
    looks: int = 11
    """The failed looks that transient failures need: with a daily run, all of that span but one. Looks are counted,
    not days: a host that is down half of the time is down at three weekly looks once in eight. Ours."""
    looks_apart: timedelta = timedelta(hours=12)
    """Two failures closer than this are one look, however often runs are started by hand. Ours."""
    server_errors: timedelta = timedelta(days=14)
    """How long a link must give nothing but 5xx before it is broken: the slow counter (rule S5)."""


@dataclass(frozen=True, slots=True)
class SchedulePolicy:
    """When a link is visited again: Nutch's AdaptiveFetchSchedule (rules R1 to R7)."""

    first: tuple[tuple[timedelta, timedelta], ...] = (
        (timedelta(hours=24), timedelta(hours=3)),
        (timedelta(days=7), timedelta(days=1)),
        (timedelta(days=30), timedelta(days=7)),
        (timedelta(days=365), timedelta(days=30)),
    )
    """(younger than, first interval), youngest first."""
    first_oldest: timedelta = timedelta(days=90)
    shortest: timedelta = timedelta(hours=3)
    longest: timedelta = timedelta(days=180)
    changed_factor: float = 0.8
    unchanged_factor: float = 1.2
    jitter: float = 0.1
    after_strike: timedelta = timedelta(hours=72)
    after_failing: timedelta = timedelta(hours=20)
    """After a transient failure or a server error. A flapping host is visited in every daily run and can answer in
    one of them; at 72 h it is called dead with the odds of three tosses of a coin
    (benchmarks/simulate_verdicts.py; rule R5)."""
    confirming: timedelta = timedelta(days=21)
    """How long a broken link whose server gives 5xx is visited daily. Ours."""
    after_unverifiable: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OutagePolicy:
    """When a run may not judge, because of an outage of its own (rules O1 to O17).

    Shares are of 1. "Ours" marks a number that was chosen after the others, for the cases of docs/outage.md.
    """

    canary_hosts: int = 20
    """The most hosts that serve as canaries beside the configured ones (rule O2)."""
    canary_runs: int = 3
    """A host that was alive within so many runs counts as alive before (rule O2)."""
    canary_every: timedelta = timedelta(seconds=60)
    """The length of a window (rule O1)."""
    canary_up: float = 0.6
    """With a smaller share of canaries up the network is down (rule O7)."""
    canaries_enough: int = 5
    """With fewer canaries, the network is down only if none is up (rule O7). Ours."""
    canaries_least: int = 2
    """A single canary that is down may itself be gone. Ours."""
    pauses: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
    )
    """Waits before each new look at the network; after the last the run stops (rule O11)."""
    sites_enough: int = 5
    """Registrable domains that must agree before they are evidence about the network. Ours: with that many
    independent operators at once, a common cause is likelier than a coincidence."""
    answers_least: float = 0.2
    """With a smaller share of sites that answer at all the network is down. Ours, on the careful side: even in an
    old collection more than one site in five still answers."""
    alike: float = 0.8
    """If so large a share of the sites gives one and the same answer, a portal or a proxy gave it. Ours: the share
    that is used for a host that blocks (rules O4 to O6, O12)."""
    breaker_hosts: int = 200
    breaker_share: float = 0.2
    """More new failures among the last `breaker_hosts` hosts trip the breaker (rule O9)."""
    breaker_least: int = 5
    """Fewer failures never trip the breaker: three of ten hosts may well be gone. Ours."""
    breaker_gone_share: float = 0.5
    """The share of 404 and 410, said twice, that trips the breaker (rule O9): after a year without a run a fifth of
    the pages may well be gone. Ours."""
    second_look: timedelta = timedelta(seconds=60)
    """How long after a first failure the link is asked again (rule O16)."""
    burst_reach: timedelta = timedelta(seconds=60)
    """So near to the failure of a link that was well an unknown one is asked again too (rule O16). Ours."""
    second_looks_of_host: int = 3
    """Of the links of a host that failed alike so many are asked again, for all (rule O16). Ours."""
    misled_share: float = 0.5
    """If the resolver leads so large a share of the sites to where it leads names that do not exist, nothing is judged
    (rule O17). Ours."""
    control_within: timedelta = timedelta(seconds=10)
    """So near to a second look that fails too the canaries must be seen well (rule O16). Ours."""
    burst_sites: int = 2
    """The fewest sites of a burst (rule O16). Ours: how unlikely it is decides."""
    burst_bits: float = 10.0
    """How unlikely a burst of failures must be: ten bits are once in a thousand (rule O16). Ours."""
    strangers_enough: int = 10
    """Sites that must show one error page before it is a portal's though each came over good TLS, or from where the
    operator leads every host (rule O5), and that must have lost their pages at once (rule O9). Ours: hosts of many
    blogs have one page for all that are gone."""
    blocking_urls: int = 5
    blocking_share: float = 0.8
    """A host that refuses at least so many of at least so many URLs blocks us (rule O12)."""
    blocking_memory: timedelta = timedelta(days=30)
    """How far back a host's refusals count. Ours: a run visits only what is due, seldom five URLs of
    one host, and walls are left alone for weeks (rule R7)."""
    home_event: timedelta = timedelta(days=7)
    """So long a host may lead all of its deep links to its home page before it counts (rule O15). Ours: maintenance
    ends sooner."""
    mass_share: float = 0.02
    mass_least: int = 10
    """Write-back of more articles that are newly broken, or newly dead, needs `--accept-mass-change` (rule O14)."""
    clock_jump: timedelta = timedelta(hours=48)
    """A run whose clock goes further forward gives no strikes (rule O3)."""
    clock_slack: timedelta = timedelta(minutes=1)
    """A step back of at most this is a time server's correction. Ours."""


@dataclass(frozen=True, slots=True)
class AgeRule:
    """The age after which articles are stale whose file or folder matches `glob`; None for never.

    Collections keep the types of their articles in folders (`_news`, `_reviews`).
    """

    glob: str
    limit: timedelta | None

    def matches(self, path: str) -> bool:
        """Whether the rule applies to an article; `path` is POSIX, relative to the content.

        A glob matches as it does in `exclude`: a file, or everything below a folder.
        """
        return is_within_glob(path, self.glob)


@dataclass(frozen=True, slots=True)
class FreshnessPolicy:
    """Editorial limits; old is not wrong, so staleness is off by default (rule F8).

    `stale_after` is the limit for articles to which none of `ages` applies; None for no limit.
    """

    stale_after: timedelta | None = None
    ages: tuple[AgeRule, ...] = ()

    def limit(self, path: str) -> timedelta | None:
        """The age after which an article is stale, by the first rule that applies to its path."""
        rule = next((rule for rule in self.ages if rule.matches(path)), None)
        return rule.limit if rule else self.stale_after


_FACEBOOK_LEAST, _FACEBOOK_LARGE, _FACEBOOK_BEST = Size(200, 200), Size(600, 315), Size(1200, 630)
"""The least that Facebook takes, the least for a large preview, and what it recommends."""
_CARD_LEAST, _CARD_MOST = Size(300, 157), Size(4096, 4096)
_PIXELS = Size(2, 2)


@dataclass(frozen=True, slots=True)
class ImagePolicy:
    """What an image should be (rules I4 to I13): tolerances as fractions of the ratio, sizes in pixels, weights in bytes.

    `levels` are those that the configuration sets by code, None to leave a code out; every other code has the
    level of its rule.
    """

    resized_within: float = 0.02
    aspect_off_by: float = 0.05
    too_small_error: Size = _FACEBOOK_LEAST
    too_small_warning: Size = _FACEBOOK_LARGE
    too_small_info: Size = _FACEBOOK_BEST
    card_least: Size = _CARD_LEAST
    card_most: Size = _CARD_MOST
    card_weight: int = 5_000_000
    """Twitter's large card; an image of exactly this weight is too heavy already."""
    discover_width: int = 1200
    """Google Discover."""
    weight_warning: int = 1_000_000
    weight_error: int = 8_000_000
    bomb_pixels: int = 50_000_000
    placeholder_size: Size = _PIXELS
    placeholder_from: int = 10
    """One image on so many pages is their site's logo. Ours: in two real collections every image on ten or more
    pages was one, except a newsletter's picture and that of an advertisement (benchmarks/README.md)."""
    expiring_within: timedelta = timedelta(days=365)
    """Signed addresses that end later are not reported. Ours: articles are read for years."""
    levels: Mapping[ImageCode, Level | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolitenessPolicy:
    """How a host is treated (rules P1 to P7). Delays and waits are seconds."""

    delay: float = 1.0
    connections: int = 2
    image_host_delay: float = 0.25
    image_host_connections: int = 4
    retries: int = 2
    longest_wait: float = 60.0
    """A longer Retry-After defers the host to a later run (rule P5)."""
    longest_crawl_delay: float = 30.0
    """A longer Crawl-delay counts as this (rule P4)."""


@dataclass(frozen=True, slots=True)
class PriorityPolicy:
    """How much each factor of a priority counts (rules Q2 to Q4). Ours.

    `fields` are the weights that the configuration sets by role, in place of those of the table of roles; `related` is
    that of a URL that only related articles hold. The others are exponents: 0 leaves a factor out, 2 counts it twice.
    """

    age: float = 1.0
    references: float = 1.0
    heat: float = 1.0
    quality: float = 1.0
    published: float = 1.0
    related: float = 2.0
    fields: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """All policies together: the numbers that a configuration file may change."""

    strikes: StrikePolicy = field(default_factory=StrikePolicy)
    schedule: SchedulePolicy = field(default_factory=SchedulePolicy)
    outages: OutagePolicy = field(default_factory=OutagePolicy)
    freshness: FreshnessPolicy = field(default_factory=FreshnessPolicy)
    images: ImagePolicy = field(default_factory=ImagePolicy)
    politeness: PolitenessPolicy = field(default_factory=PolitenessPolicy)
    priority: PriorityPolicy = field(default_factory=PriorityPolicy)
    write_back: WriteBack = WriteBack.OWN
    history_kept: timedelta = timedelta(days=400)
    """Older observations are deleted, except the newest 20 of each link (rule R10). It is more than two of the
    longest intervals. Ours."""
