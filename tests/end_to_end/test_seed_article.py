"""The article that the project was asked for with: one file, all of its links."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.collection import Report
from tests.web.web import LoopbackWeb

OWN = [
    "https://www.npr.org/2020/06/09/873298837/ibm-abandons-facial-recognition-products-condemns-racially-biased-surveillance",
    "https://media.npr.org/assets/img/2020/06/09/ap_19287456839427_wide-8aef6472073b160bdb7216880ae663d0748cef40.jpg?s=1400",
]
RELATED = [
    "https://www.cnet.com/news/senator-concerned-clearview-ai-facial-recognition-is-being-used-by-police-in-black-lives-matter-protests/",
    "https://www.cnet.com/google-amp/news/senator-concerned-clearview-ai-facial-recognition-is-being-used-by-police-in-black-lives-matter-protests/",
    "https://www-cnet-com.cdn.ampproject.org/c/s/www.cnet.com/google-amp/news/senator-concerned-clearview-ai-facial-recognition-is-being-used-by-police-in-black-lives-matter-protests/",
    "https://cnet3.cbsistatic.com/img/9iSXtLFKNXgiNKMOB6uefX3betU=/756x567/2020/06/04/6e5b36d7-6f9d-4afc-912e-38a007947e55/sf.jpg",
    "https://www.multichannel.com/news/markey-presses-clearview-ai-on-facial-recognition",
    "https://www.multichannel.com/.amp/news/markey-presses-clearview-ai-on-facial-recognition",
    "https://www-multichannel-com.cdn.ampproject.org/c/s/www.multichannel.com/.amp/news/markey-presses-clearview-ai-on-facial-recognition",
    "https://www.multichannel.com/.image/c_fit%2Ccs_srgb%2Cfl_progressive%2Cq_auto:good%2Cw_620/MTU0MDYzNjkzNTczODU5MDY3/ed-markey-4x3jpg.jpg",
    "https://thehill.com/policy/technology/501707-senator-presses-controversial-facial-recognition-company-on-usage-at",
    "https://thehill.com/policy/technology/501707-senator-presses-controversial-facial-recognition-company-on-usage-at?amp",
    "https://thehill-com.cdn.ampproject.org/c/s/thehill.com/policy/technology/501707-senator-presses-controversial-facial-recognition-company-on-usage-at?amp",
    "https://thehill.com/sites/default/files/markeyedward_012420gn_lead.jpg",
    "https://www.telegraph.co.uk/technology/2020/06/09/ibm-scrap-facial-recognition-tool-wake-black-lives-matter-protests/",
    "https://www.telegraph.co.uk/technology/2020/06/09/ibm-scrap-facial-recognition-tool-wake-black-lives-matter-protests/amp/",
    "https://www-telegraph-co-uk.cdn.ampproject.org/c/s/www.telegraph.co.uk/technology/2020/06/09/ibm-scrap-facial-recognition-tool-wake-black-lives-matter-protests/amp/",
    "https://www.telegraph.co.uk/content/dam/technology/2019/12/27/197244899_AFP_FILES-US-IT-POLICE-CRIME-POLITICS_trans_NvBQzQNjv4BqZgEkZX3M936N5BQK4Va8RQJ6Ra64K3tAxfZq0dvIBJw.jpg",
    "https://www.thestar.com.my/tech/tech-news/2020/06/08/us-protests-fuel-calls-for-ban-on-racially-biased-facial-recognition-tools",
    "https://apicms.thestar.com.my/uploads/images/2020/06/07/710900.jpg",
    "https://www.nextgov.com/emerging-tech/2020/06/senator-questions-how-clearview-ais-facial-recognition-tech-put-use-protesters/166026/",
    "https://cdn.nextgov.com/media/img/upload/2020/06/09/shutterstock_1658380954/open-graph.jpg",
    "https://northendwaterfront.com/2020/06/boston-moves-to-ban-facial-recognition-technology/",
    "https://northendwaterfront.com/wp-content/uploads/2020/06/PSX_20200606_205504.jpg",
]


@pytest.mark.shared_data
def test_one_file_and_all_of_its_links(
    shared: Path, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    original = (shared / "corpus" / "seed-article.md").read_bytes()
    seed, neighbour = tmp_path / "seed-article.md", tmp_path / "neighbour.md"
    seed.write_bytes(original)
    neighbour.write_text("---\nwebUrl: https://neighbour.example/\n---\n", encoding="utf-8")
    module_web.set_rules({})
    module_web.forget()

    ended = module_web.run_crawler("audit", str(seed))
    assert (ended.code, ended.stderr) == (0, "")
    asked = Counter(request.url for request in module_web.requests())
    assert asked == Counter(dict.fromkeys([*OWN, *RELATED], 1))

    report = Report.read(tmp_path / ".linkhealth/reports/part/report.json")
    assert report.document["content"] == "seed-article.md"
    assert set(report.urls) == {*OWN, *RELATED}
    assert {verdict for _, verdict, _ in report.opinions()} == {"alive"}
    assert [url for url, entry in report.urls.items() if entry["references"]] == sorted(OWN)

    written = seed.read_bytes()
    block, secured = written.index(b"\nlinkHealth:\n"), original.index(b"\nsecured:")
    assert written[:block] == original[:secured]
    assert written.endswith(original[secured:])
    assert b"actual: 1200x630" in written[block:]

    assert module_web.run_crawler("audit", str(seed)).code == 0
    assert seed.read_bytes() == written
    assert len(module_web.requests()) == len(OWN) + len(RELATED)

    assert module_web.run_crawler("strip", str(seed)).code == 0
    assert seed.read_bytes() == original
    assert neighbour.read_text(encoding="utf-8") == "---\nwebUrl: https://neighbour.example/\n---\n"
