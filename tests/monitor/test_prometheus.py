"""The numbers in Prometheus's text format, read back by its own parser."""

from prometheus_client.parser import text_string_to_metric_families

from surpass.core.records.signal import Measure, WatchData, WindowMeasures
from surpass.monitor.prometheus import metrics_text

HOSTILE = 'eu"\n# HELP evil 1\nx{a="'


def test_every_number_is_read_back_and_hostile_names_stay_names():
    measure = Measure(name="accuracy", estimate=0.9, low=0.85, high=0.94, rows=200)
    window = WindowMeasures(
        view=HOSTILE, number=3, start="", end="", requests=500, units=400, measures=(measure,)
    )
    data = WatchData(
        task="demo",
        release="r1",
        windows=(window,),
        alerts=(),
        silenced=(),
        floor=0.8,
        level_a_window=0.03,
        tests_a_week=14,
        tested_windows=1,
    )
    text = metrics_text(data).decode()
    samples = {
        one.name: one for family in text_string_to_metric_families(text) for one in family.samples
    }
    assert samples["surpass_watch_value"].value == 0.9
    assert samples["surpass_watch_value"].labels["view"] == HOSTILE
    assert samples["surpass_watch_floor"].value == 0.8
    assert samples["surpass_watch_alerts"].value == 0
    assert "evil" not in samples
