#!/usr/bin/env python3
"""The log of one Kafka replica, in memory, as a subject of kafka-lockstep:

    npx lockstep validate --exec "python3 log.py"
    npx lockstep validate --exec "python3 log.py --wrong"     # finds a planted mistake

First comes a log that knows nothing of lockstep, then the loop that speaks its protocol. § are the
sections of docs/protocol/log.md. What needs a disk is not declared. Python 3.9, no packages.
"""
from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from types import SimpleNamespace
from typing import Callable, NamedTuple, Optional

# -- The log ----------------------------------------------------------------------------------

SEQUENCES = 2**31  # sequence numbers have 31 bits: after the largest comes 0
REMEMBERED_BATCHES = 5  # the batches of a producer that can be told from new ones (§4)


class LogError(Exception):
    """A refusal; its argument is Kafka's name of the error."""


class Record(NamedTuple):
    offset: int
    key: Optional[str]
    value: Optional[str]
    timestamp: int


@dataclass(frozen=True)
class Batch:
    """Never changed once written: compaction puts another one in its place."""

    base_offset: int
    last_offset: int
    leader_epoch: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    delete_horizon: Optional[int]
    records: tuple[Record, ...]
    corrupt: bool = False

    @property
    def last_sequence(self) -> int:
        # By offsets, not by records: compaction takes records away and must not change this.
        return wrapped(self.base_sequence + self.last_offset - self.base_offset)

    @cached_property  # asked for again and again
    def size(self) -> int:
        """Bytes in message format v2 (§2)."""
        size, base_timestamp = 61, self.delete_horizon
        for record in self.records:
            if base_timestamp is None:
                base_timestamp = record.timestamp  # that of the first one
            body = 2  # the attributes, and the number of headers, which is always 0
            body += varint_size(record.timestamp - base_timestamp)
            body += varint_size(record.offset - self.base_offset)
            for text in (record.key, record.value):
                body += varint_size(-1) if text is None else varint_size(len(text)) + len(text)
            size += varint_size(body) + body
        return size


def wrapped(sequence: int) -> int:
    return sequence if sequence < SEQUENCES else sequence - SEQUENCES


def varint_size(number: int) -> int:
    zigzag = 2 * number if number >= 0 else -2 * number - 1
    return max(1, -(-zigzag.bit_length() // 7))


# The newest batches of each producer, oldest first, all of its newest epoch. Only their sequences
# and offsets are of interest, and those outlive the batch in the log.
Producers = dict[int, tuple[Batch, ...]]


def note_batch(producers: Producers, batch: Batch) -> None:
    """Brings the producers' state up to date after a batch was written or found in the log."""
    known = producers.get(batch.producer_id, ())
    if batch.producer_id < 0 or (known and batch.producer_epoch < known[-1].producer_epoch):
        return
    if known and batch.producer_epoch > known[-1].producer_epoch:
        known = ()
    producers[batch.producer_id] = (known + (batch,))[-REMEMBERED_BATCHES:]


@dataclass
class Segment:
    base_offset: int
    producers: Producers  # their state at base_offset: truncation goes back to it
    batches: list[Batch] = field(default_factory=list)

    @property
    def size_bytes(self) -> int:
        return sum(batch.size for batch in self.batches)

    @property
    def largest_timestamp(self) -> int:
        return max((r.timestamp for b in self.batches for r in b.records), default=-1)


class Log:
    def __init__(self, config: SimpleNamespace, retries_known: int = REMEMBERED_BATCHES) -> None:
        self.config = config  # segment_bytes, retention_ms, … : setup.config in snake_case
        self.retries_known = retries_known
        self.truncate_fully(0)

    @property
    def end_offset(self) -> int:
        active = self.segments[-1]
        return active.batches[-1].last_offset + 1 if active.batches else active.base_offset

    @property
    def batches(self) -> list[Batch]:
        return [batch for segment in self.segments for batch in segment.batches]

    def append(self, batch: Batch) -> tuple[Batch, bool]:  # §3
        """As a leader. The batch is numbered from 0 and gets its offsets here. Answers the stored
        batch, and whether it was there before. The first check that fails is the answer."""
        keyless = any(record.key is None for record in batch.records)
        unnumbered = batch.producer_id >= 0 and batch.base_sequence < 0
        if not batch.records or unnumbered or (keyless and "compact" in self.config.cleanup_policy):
            raise LogError("INVALID_RECORD")
        if batch.size > self.config.max_message_bytes:
            raise LogError("MESSAGE_TOO_LARGE")
        self._check_epoch(batch.leader_epoch)
        earlier = self._check_sequence(batch)
        if earlier is not None:
            return earlier, True
        base, last = self.end_offset, self.end_offset + batch.last_offset
        records = tuple(r._replace(offset=base + r.offset) for r in batch.records)
        batch = replace(batch, base_offset=base, last_offset=last, records=records)
        self._write(batch)
        return batch, False

    def replicate(self, batches: list[Batch]) -> None:  # §7
        """As a follower: the offsets are the leader's, and may have gaps. All or nothing."""
        if any(batch.corrupt for batch in batches):
            raise LogError("CORRUPT_MESSAGE")
        ends = [self.end_offset] + [batch.last_offset + 1 for batch in batches]
        if not all(end <= b.base_offset <= b.last_offset for end, b in zip(ends, batches)):
            raise LogError("OFFSET_OUT_OF_RANGE")
        epochs = [epoch for epoch, _ in self.epochs[-1:]] + [b.leader_epoch for b in batches]
        if epochs != sorted(epochs):
            raise LogError("FENCED_LEADER_EPOCH")
        for batch in batches:
            self._write(batch)

    def roll(self) -> None:  # §6
        if self.segments[-1].batches:
            self.segments.append(Segment(self.end_offset, dict(self.producers)))

    def _write(self, batch: Batch) -> None:
        if self.segments[-1].size_bytes + batch.size > self.config.segment_bytes:
            self.roll()  # which leaves an empty segment alone: there any batch fits
        self.segments[-1].batches.append(batch)
        self._begin_epoch(batch.leader_epoch, batch.base_offset)
        note_batch(self.producers, batch)

    def _check_sequence(self, batch: Batch) -> Optional[Batch]:  # §4
        """The earlier batch that this one repeats, or None when it is the next one in order."""
        known = self.producers.get(batch.producer_id)
        if not known:
            return None  # nothing to compare with: retention may have taken everything (KIP-360)
        if batch.producer_epoch < known[-1].producer_epoch:
            raise LogError("INVALID_PRODUCER_EPOCH")
        expected = 0  # a new epoch counts from 0
        if batch.producer_epoch == known[-1].producer_epoch:
            # A producer may have five requests in flight. When the connection breaks it sends all
            # of them again, so a retry can be older than the last batch.
            for earlier in known[-self.retries_known :]:
                sequences = (earlier.base_sequence, earlier.last_sequence)
                if sequences == (batch.base_sequence, batch.last_sequence):
                    return earlier
            expected = wrapped(known[-1].last_sequence + 1)
        if batch.base_sequence != expected:
            raise LogError("OUT_OF_ORDER_SEQUENCE_NUMBER")
        return None

    def assign_epoch(self, leader_epoch: int) -> None:  # §5.2
        self._check_epoch(leader_epoch)
        self._begin_epoch(leader_epoch, self.end_offset)

    def end_offset_for_epoch(self, leader_epoch: int) -> tuple[int, int]:  # §5.5
        """The epoch and where it ended; a follower that diverged truncates to that."""
        if leader_epoch == -1 or not self.epochs or leader_epoch > self.epochs[-1][0]:
            return -1, -1
        ends = [start for epoch, start in self.epochs if epoch > leader_epoch]
        known = [epoch for epoch, _ in self.epochs if epoch <= leader_epoch]
        return (known or [leader_epoch])[-1], (ends or [self.end_offset])[0]

    def _check_epoch(self, epoch: int) -> None:
        if self.epochs and epoch < self.epochs[-1][0]:
            raise LogError("FENCED_LEADER_EPOCH")

    def _begin_epoch(self, epoch: int, offset: int) -> None:  # §5.1
        if not self.epochs or self.epochs[-1][0] != epoch:
            self._cut_epochs(offset)  # a leader that wrote nothing leaves no trace
            self.epochs.append((epoch, offset))

    def _cut_epochs(self, offset: int) -> None:
        self.epochs = [(epoch, start) for epoch, start in self.epochs if start < offset]

    def truncate(self, offset: int) -> None:  # §9
        if offset < self.segments[0].base_offset:
            self.truncate_fully(offset)  # which refuses what is below 0
            return
        if offset >= self.end_offset:
            # Only the epoch of a leader that wrote nothing goes: it would diverge for ever.
            self._cut_epochs(offset)
            return
        # Batches stay or go as a whole.
        end = min([offset] + [b.base_offset for b in self.batches if b.last_offset >= offset])
        self.segments = [segment for segment in self.segments if segment.base_offset <= end]
        active = self.segments[-1]
        active.batches = [batch for batch in active.batches if batch.last_offset < end]
        self.producers = dict(active.producers)
        for batch in active.batches:
            note_batch(self.producers, batch)
        if self.end_offset != end:
            # The end is in a gap, where no batch ends: only the base of a segment can hold it.
            self.segments.append(Segment(end, dict(self.producers)))
        self._cut_epochs(end)
        self.start_offset = min(self.start_offset, end)
        self.high_watermark = min(self.high_watermark, end)
        self.first_dirty_offset = min(self.first_dirty_offset, end)

    def truncate_fully(self, offset: int) -> None:  # §9.5
        if offset < 0:
            raise LogError("OFFSET_OUT_OF_RANGE")
        self.segments = [Segment(offset, {})]  # never none; the last one is active
        self.epochs: list[tuple[int, int]] = []  # epoch and its first offset; both rise strictly
        self.producers: Producers = {}
        self.start_offset = self.high_watermark = self.first_dirty_offset = offset

    def update_high_watermark(self, offset: int) -> None:  # §10.1
        self.high_watermark = min(max(offset, self.start_offset), self.end_offset)

    def delete_records(self, offset: int) -> None:  # §10.2
        if not -1 <= offset <= self.high_watermark:
            raise LogError("OFFSET_OUT_OF_RANGE")
        self._raise_start(self.high_watermark if offset == -1 else offset)

    def retain(self, now: int) -> None:  # §11
        config = self.config
        if "delete" in config.cleanup_policy and config.retention_ms >= 0:
            self._delete_oldest(lambda s, _: now - s.largest_timestamp > config.retention_ms)
        if "delete" in config.cleanup_policy and config.retention_bytes >= 0:
            # The oldest may go while those behind it still take as much as shall be kept.
            self._delete_oldest(lambda _, end: self._size_from(end) >= config.retention_bytes)
        self._delete_oldest(lambda s, end: s is not self.segments[-1] and end <= self.start_offset)
        self._raise_start(self.segments[0].base_offset)

    def _size_from(self, offset: int) -> int:
        return sum(segment.size_bytes for segment in self.segments if segment.base_offset >= offset)

    def _delete_oldest(self, goes: Callable[[Segment, int], bool]) -> None:
        # A segment ends where the next one begins, also when its last batch ends earlier.
        ends = [segment.base_offset for segment in self.segments[1:]] + [self.end_offset]
        count = 0
        for segment, end in zip(self.segments, ends):
            # What is above the high watermark may not be on the other replicas yet. An empty
            # active segment would only be replaced by its like.
            if end > self.high_watermark or end == segment.base_offset or not goes(segment, end):
                break
            count += 1
        if count == len(self.segments):
            self.roll()  # the new segment remembers the end offset and the producers
        del self.segments[:count]

    def _raise_start(self, offset: int) -> None:  # §5.4
        if offset > self.start_offset:
            self.start_offset = offset
            before = [epoch for epoch, start in self.epochs if start <= offset]
            # The newest of these is the epoch of the record at `offset`.
            self.epochs[: len(before)] = [(epoch, offset) for epoch in before[-1:]]

    def clean(self, now: int) -> None:  # §12
        start = max(self.first_dirty_offset, self.start_offset)
        # Whole segments, never the active one, and nothing that could still be truncated.
        bases = [segment.base_offset for segment in self.segments]
        end = max((base for base in bases if base <= self.high_watermark), default=0)
        if start >= end or "compact" not in self.config.cleanup_policy:
            return
        records = [record for batch in self.batches for record in batch.records]
        newest = {r.key: r.offset for r in records if start <= r.offset < end}
        cleaned: list[Segment] = []
        size_before = 0  # of the segments that are merged into the last one of `cleaned`
        for segment in [s for s in self.segments if s.base_offset < end]:
            cleaned_batches = [self._clean_batch(b, newest, now) for b in segment.batches]
            batches = [batch for batch in cleaned_batches if batch is not None]
            # Cleaned segments are small, so neighbours are merged. The sizes from before count:
            # they are a bound that is known before anything is written.
            size_before += segment.size_bytes
            if cleaned and size_before <= self.config.segment_bytes:
                cleaned[-1].batches += batches
            else:
                cleaned.append(Segment(segment.base_offset, segment.producers, batches))
                size_before = segment.size_bytes
        self.segments = cleaned + [s for s in self.segments if s.base_offset >= end]
        self.first_dirty_offset = end

    def _clean_batch(self, batch: Batch, newest: dict[str, int], now: int) -> Optional[Batch]:
        horizon = batch.delete_horizon
        expired = horizon is not None and now >= horizon
        records = tuple(
            record for record in batch.records
            if record.key is not None
            and record.offset >= newest.get(record.key, -1)
            and not (record.value is None and expired)
        )
        if not records:
            # The newest batch of a producer stays, empty: whoever reads the producer's state
            # back from the log would not know its next sequence otherwise.
            known = self.producers.get(batch.producer_id)
            if not known or known[-1].last_offset != batch.last_offset:
                return None
            horizon = None
        elif horizon is None and any(record.value is None for record in records):
            # From now on, readers have this long to see the tombstone.
            horizon = now + self.config.delete_retention_ms
        return replace(batch, records=records, delete_horizon=horizon)

    def read(self, offset: int, end_offset: int, bytes_max: int) -> list[Batch]:  # §8
        if not self.start_offset <= offset <= self.end_offset:
            raise LogError("OFFSET_OUT_OF_RANGE")
        for segment in self.segments:
            found = [b for b in segment.batches if offset <= b.last_offset < end_offset]
            if found:  # a read ends with its segment
                sizes = accumulate(batch.size for batch in found)
                fitting = [batch for batch, size in zip(found, sizes) if size <= bytes_max]
                return fitting or found[:1]  # one at least: a reader has to get on
        return []

    def list_offsets(self, timestamp: int, end_offset: int) -> Optional[tuple[int, int]]:  # §13
        """Offset and time of the first record at or after a time."""
        if timestamp == -2:
            return self.start_offset, -1
        if timestamp == -1:
            return min(end_offset, self.end_offset), -1
        if timestamp < 0:
            raise LogError("INVALID_REQUEST")
        records = (record for batch in self.batches for record in batch.records)
        found = (r for r in records if self.start_offset <= r.offset < end_offset)
        return next(((r.offset, r.timestamp) for r in found if r.timestamp >= timestamp), None)


# -- The protocol of lockstep (docs/subjects.md) ----------------------------------------------

OPERATIONS = """append replicate read truncate truncateFully updateHighWatermark deleteRecords
    assignEpoch endOffsetForEpoch listOffsets roll retain clean""".split()
BATCH_FIELDS = ("baseOffset", "lastOffset", "leaderEpoch", "producerId", "producerEpoch",
                "baseSequence", "deleteHorizon", "corrupt")


@lru_cache(maxsize=None)
def snake_case(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), name)


def attributes(values: dict) -> dict:
    return {snake_case(name): value for name, value in values.items()}


def show(thing: object, *names: str) -> dict:
    """Attributes as fields of the protocol: the names are the same but for their case."""
    return {name: getattr(thing, snake_case(name)) for name in names}


def show_batch(batch: Batch) -> dict:
    return {**show(batch, *BATCH_FIELDS), "records": [r._asdict() for r in batch.records]}


def show_producer(known: tuple[Batch, ...]) -> dict:
    names = ("baseSequence", "lastSequence", "baseOffset", "lastOffset")
    batches = [show(batch, *names) for batch in known]
    return {**show(known[-1], "producerId", "producerEpoch"), "batches": batches}


def parse_batch(batch: dict) -> Batch:
    """A batch of `replicate`, or of `append`: that has no offsets yet, and is numbered from 0."""
    records = [Record(**{"offset": i, **record}) for i, record in enumerate(batch["records"])]
    numbers = {"base_offset": 0, "last_offset": len(records) - 1, "delete_horizon": None}
    return Batch(**{**numbers, **attributes(batch), "records": tuple(records)})


def carry_out(log: Log, kind: str, **values) -> dict:
    """The outcome of an operation. Its fields are the arguments of the log's method."""
    if kind == "append":
        stored, duplicate = log.append(parse_batch(values))
        place = show(stored, "baseOffset", "lastOffset")
        return {"kind": "appended", **place, "duplicate": duplicate}
    if kind == "replicate":
        values = {"batches": [parse_batch(batch) for batch in values["batches"]]}
    result = getattr(log, snake_case(kind))(**attributes(values))
    if kind == "read":
        return {"kind": "batches", "batches": [show_batch(batch) for batch in result]}
    if kind == "endOffsetForEpoch":
        return {"kind": "epochEnd", "end": {"epoch": result[0], "endOffset": result[1]}}
    if kind == "listOffsets":
        return {"kind": "found", "record": result and dict(zip(("offset", "timestamp"), result))}
    return {"kind": "done"}


# What it shows after every operation: no `recoveryPoint` and no `offline`, for want of a disk.
OBSERVATION = {
    "logStartOffset": lambda log: log.start_offset,
    "logEndOffset": lambda log: log.end_offset,
    "highWatermark": lambda log: log.high_watermark,
    "firstDirtyOffset": lambda log: log.first_dirty_offset,
    "segments": lambda log: [show(s, "baseOffset", "sizeBytes") for s in log.segments],
    "epochs": lambda log: [{"epoch": epoch, "startOffset": start} for epoch, start in log.epochs],
    "producers": lambda log: [show_producer(log.producers[key]) for key in sorted(log.producers)],
    "batches": lambda log: [show_batch(batch) for batch in log.batches],
}


def main() -> None:
    # The planted mistake: a retry is compared with the last batch only.
    retries_known = 1 if "--wrong" in sys.argv[1:] else REMEMBERED_BATCHES
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "hello":
            scope = {"operations": OPERATIONS, "observation": list(OBSERVATION)}
            answer = {"kind": "hello", "version": 1, "name": "log.py", "scopes": {"log": scope}}
        elif request["kind"] == "start":
            log = Log(SimpleNamespace(**attributes(request["setup"]["config"])), retries_known)
            answer = {"kind": "started"}
        else:
            try:
                outcome = carry_out(log, **request["operation"])
            except LogError as error:
                outcome = {"kind": "error", "error": str(error)}
            observation = {name: observe(log) for name, observe in OBSERVATION.items()}
            answer = {"kind": "applied", "outcome": outcome, "observation": observation}
        # Without the flush the answer would stay in Python's buffer: stdout is a pipe.
        print(json.dumps({**answer, "id": request["id"]}), flush=True)


if __name__ == "__main__":
    main()
