"""The last window's numbers for Prometheus, in its text format; the one file that imports it."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from surpass.core.records.signal import WatchData


def metrics_text(data: WatchData) -> bytes:
    """Gauges of the last window of each view, the floor, and open alerts by severity.

    Labels hold task, release, view, measure and severity; never a word of a request.
    """
    registry = CollectorRegistry()
    names = ("task", "release", "view", "measure")
    value = Gauge("surpass_watch_value", "Estimate in the last window", names, registry=registry)
    low = Gauge("surpass_watch_low", "Lower bound, 95 %, two-sided", names, registry=registry)
    high = Gauge("surpass_watch_high", "Upper bound, 95 %, two-sided", names, registry=registry)
    last = {one.view: one for one in data.windows}
    for view, window in last.items():
        for one in window.measures:
            at = (data.task, data.release, view, one.name)
            value.labels(*at).set(one.estimate)
            if one.low is not None and one.high is not None:
                low.labels(*at).set(one.low)
                high.labels(*at).set(one.high)
    whose = (data.task, data.release)
    if data.floor is not None:
        floor = Gauge("surpass_watch_floor", "Accuracy floor", names[:2], registry=registry)
        floor.labels(*whose).set(data.floor)
    alerts = Gauge(
        "surpass_watch_alerts", "Alerts that go on", (*names[:2], "severity"), registry=registry
    )
    for severity in ("notice", "page"):
        count = sum(one.severity == severity for one in data.alerts)
        alerts.labels(*whose, severity).set(count)
    return bytes(generate_latest(registry))
