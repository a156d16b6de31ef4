"""Compares the TensorBoard events of a run with its metrics.jsonl, as TensorBoard's own reader sees them.

    python tools/read_tensorboard.py RUN

Needs the package tensorboard, without TensorFlow.
"""

import json
import math
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TAGS = {
    "loss/train": "loss",
    "loss/validation": "valLoss",
    "step/gradient_norm": "gradientNorm",
    "step/update_ratio": "updateRatio",
    "step/tokens_per_second": "tokensPerSecond",
}


def single(value: float) -> float:
    """Events hold single precision."""
    return struct.unpack("f", struct.pack("f", value))[0]


def expected(run: Path) -> dict[str, dict[int, float]]:
    tags: dict[str, dict[int, float]] = {}
    for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines():
        report = json.loads(line)
        values = {tag: report.get(key) for tag, key in TAGS.items()}
        values |= {f"validation/{name}": value for name, value in report.get("valMetrics", {}).items()}
        for tag, value in values.items():
            if value is not None:
                tags.setdefault(tag, {})[report["step"]] = single(value)
    return tags


def found(run: Path) -> dict[str, dict[int, float]]:
    accumulator = EventAccumulator(str(run), size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    tags: dict[str, dict[int, float]] = {}
    for tag in accumulator.Tags()["scalars"]:
        events = accumulator.Scalars(tag)
        tags[tag] = {event.step: event.value for event in events}
        if len(tags[tag]) != len(events):
            raise SystemExit(f"{tag}: every step must come once, got {len(events)} events of {len(tags[tag])} steps")
    return tags


def main() -> None:
    run = Path(sys.argv[1])
    want, got = expected(run), found(run)
    if set(want) != set(got):
        raise SystemExit(f"tags must be {sorted(want)}, got {sorted(got)}")
    for tag, values in want.items():
        if set(values) != set(got[tag]):
            raise SystemExit(f"{tag}: steps must be {len(values)}, got {len(got[tag])}")
        wrong = [s for s, v in values.items() if not math.isclose(v, got[tag][s], rel_tol=1e-6)]
        if wrong:
            raise SystemExit(f"{tag}: values must agree, got others at steps {wrong[:5]}")
    print(json.dumps({tag: len(values) for tag, values in want.items()}))


main()
