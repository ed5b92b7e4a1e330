"""The bounds of a file of decisions, which may be a stranger's: a small file must not cost minutes or gigabytes
(rule B13).

They are checked before anything is parsed for good; a report of 100,000 findings is well inside of each.
"""

from __future__ import annotations

from typing import Final, NoReturn

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted

LARGEST_FILE: Final = 100_000_000
"""Bytes. A report of 100,000 findings has 50 MB."""
LARGEST_LIST: Final = 10_000_000
"""Bytes of YAML, which is slower to read than a table."""
LARGEST_SHEET: Final = 250_000_000
"""Bytes of an XLSX file when unpacked: 100,000 findings take 110 MB."""
LARGEST_PART: Final = 10_000_000
"""Bytes of each part of an XLSX file that holds neither cells nor texts (styles, names, relations)."""
MOST_PARTS: Final = 1_000
"""Files in an XLSX file. Without pictures it has a dozen."""
MOST_ROWS: Final = 150_000
MOST_CELLS: Final = 3_000_000
"""Twenty columns in each of 150,000 rows."""
LONGEST_LINE: Final = 4_000_000
"""Bytes of a line of CSV: twenty of the longest cells that a spreadsheet has."""
MOST_SECONDS: Final = 120.0
"""Of reading a workbook; 100,000 findings take 20 s on a machine with nothing else to do."""


def refuse(
    name: str, bound: str, *, instead: str = "delete the rows without a decision"
) -> NoReturn:
    """Raise ConfigurationError for a file beyond a bound."""
    raise ConfigurationError(quoted(name), f"{bound}; {instead}, or split it")
