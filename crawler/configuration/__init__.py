"""The operator's configuration: `.linkhealth.yml`, environment and flags become one frozen value."""

from crawler.configuration.clock import Clock
from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.errors import ConfigurationError
from crawler.configuration.file import FILE_NAME
from crawler.configuration.hosts import HostRule, Manners
from crawler.configuration.load import Configuration, Setting, load
from crawler.configuration.options import HOST_OPTIONS, OPTIONS, Option

__all__ = [
    "FILE_NAME",
    "HOST_OPTIONS",
    "OPTIONS",
    "Clock",
    "Configuration",
    "ConfigurationError",
    "ConnectTo",
    "HostRule",
    "Manners",
    "Option",
    "Setting",
    "load",
]
