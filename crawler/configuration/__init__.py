"""The operator's configuration: `.linkhealth.yml`, environment and flags become one frozen value."""

from crawler.configuration.clock import Clock
from crawler.configuration.configuration import Configuration, Setting
from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.errors import ConfigurationError
from crawler.configuration.file import FILE_NAME
from crawler.configuration.former_names import FORMER
from crawler.configuration.hosts import HOST_OPTIONS, HOST_SHAPES, HostRule, Manners
from crawler.configuration.load import load
from crawler.configuration.mistakes import Mistakes
from crawler.configuration.options import OPTIONS, Option
from crawler.configuration.sent import NOTHING_SENT, Sent

__all__ = [
    "FILE_NAME",
    "FORMER",
    "HOST_OPTIONS",
    "HOST_SHAPES",
    "NOTHING_SENT",
    "OPTIONS",
    "Clock",
    "Configuration",
    "ConfigurationError",
    "ConnectTo",
    "HostRule",
    "Manners",
    "Mistakes",
    "Option",
    "Sent",
    "Setting",
    "load",
]
