package dev.tiphys.store.embedded;

import dev.tiphys.store.embedded.disk.Corruption;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.log.Log;
import dev.tiphys.store.embedded.log.NewestMark;
import dev.tiphys.store.embedded.log.SegmentHeader;
import dev.tiphys.store.embedded.log.SegmentReader;
import dev.tiphys.store.embedded.log.Spare;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.store.replica.Tree;
import dev.tiphys.store.replica.TreeSnapshot;
import dev.tiphys.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Opens what is on a disk: reads the newest checkpoint, and does again what the log says came
/// after it.
///
/// Whatever was acknowledged is there afterwards, or there is an error that names the damaged file.
/// What was being written when the machine stopped, and so was never acknowledged, is there whole
/// or not at all.
///
/// Nothing is changed on the disk before all of it was found to be in order.
final class Recovery {

  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final Disk disk;
  private final Options options;
  private final World world;
  private final Leases leases;
  private final List<DiskFile> files = new ArrayList<>();
  private final List<SegmentReader> segments = new ArrayList<>();

  /// What was found.
  record Recovered(Replica history, Log log) {}

  private Recovery(Disk disk, Options options, World world, Leases leases) {
    this.disk = disk;
    this.options = options;
    this.world = world;
    this.leases = leases;
  }

  /// @param leases where to put the leases that are found
  static Recovered recover(Disk disk, Options options, World world, Leases leases)
      throws IOException {
    Recovery recovery = new Recovery(disk, options, world, leases);
    try {
      return recovery.recover();
    } catch (IOException | RuntimeException e) {
      for (DiskFile file : recovery.files) {
        file.close();
      }
      throw e;
    }
  }

  private Recovered recover() throws IOException {
    List<String> names = disk.names();
    List<String> checkpoints = names.stream().filter(Checkpoint::isName).toList();
    @Nullable Checkpoint checkpoint =
        checkpoints.isEmpty() ? null : CheckpointReader.read(disk, checkpoints.getLast());
    Checkpoint base =
        checkpoint == null
            ? new Checkpoint(new TreeSnapshot(1, Tree.EMPTY), 1, Map.of())
            : checkpoint;
    List<String> logs = names.stream().filter(SegmentHeader::isName).toList();
    boolean standsAlone = checkpoint == null || base.firstSegment() == Seed.NO_SEGMENT;
    if (!standsAlone || !logs.isEmpty()) {
      open(logs, Math.max(base.firstSegment(), 1));
    }
    checkNewest(NewestMark.read(names));
    Replay replay =
        new Replay(
            world, checkpoint == null ? 0 : base.revision(), base, firstRevision(base), leases);
    long sequence = replay(replay);
    Replica history = replay.end();
    Log log = log(sequence);
    tidy(names, base.firstSegment(), checkpoints);
    log.begin(history.newest().revision() + 1);
    return new Recovered(history, log);
  }

  /// Opens the segments from number `first` on, of which none may be missing.
  private void open(List<String> logs, long first) throws IOException {
    long next = first;
    for (String name : logs) {
      long number = SegmentHeader.number(name);
      if (number < first) {
        continue;
      }
      if (number != next) {
        break;
      }
      DiskFile file = disk.open(name);
      files.add(file);
      segments.add(new SegmentReader(disk, name, file));
      next++;
    }
    boolean all = !logs.isEmpty() && SegmentHeader.number(logs.getLast()) == next - 1;
    if (segments.isEmpty() || !all) {
      throw Corruption.missing(
          disk.path(SegmentHeader.name(next)),
          "the log is needed from number %d on".formatted(first));
    }
  }

  private void checkNewest(long marked) {
    if (marked > (segments.isEmpty() ? 0 : segments.getLast().header().number())) {
      throw Corruption.missing(
          disk.path(SegmentHeader.name(marked)), "the log went on in it; restore it from a copy");
    }
  }

  private long firstRevision(Checkpoint base) {
    if (segments.isEmpty()) {
      return base.revision() + 1;
    }
    SegmentReader first = segments.getFirst();
    if (first.header().firstRevision() > base.revision() + 1) {
      throw Corruption.at(
          first.path(),
          0,
          "the log begins with revision %d here, but what is kept of earlier ones ends with %d"
              .formatted(first.header().firstRevision(), base.revision()));
    }
    return first.header().firstRevision();
  }

  /// Returns the number of the batch that comes after all those that were read.
  private long replay(Replay replay) throws IOException {
    if (segments.isEmpty()) {
      return 1;
    }
    long sequence = segments.getFirst().header().firstSequence();
    for (int i = 0; i < segments.size() - 1; i++) {
      long end = segments.get(i + 1).header().firstSequence();
      sequence = replay(segments.get(i), sequence, end, replay);
      if (sequence != end) {
        throw Corruption.at(
            segments.get(i).path(),
            segments.get(i).position(),
            "batch %d should begin here, and is not all there".formatted(sequence));
      }
    }
    return replay(segments.getLast(), sequence, Long.MAX_VALUE, replay);
  }

  /// Replays batches from `sequence` on, up to, but not including, `end`.
  private long replay(SegmentReader segment, long sequence, long end, Replay replay)
      throws IOException {
    long next = sequence;
    while (next < end) {
      SegmentReader.Read batch = segment.next(next);
      if (batch == null) {
        break;
      }
      if (batch.header().firstRevision() != replay.nextRevision()) {
        throw Corruption.at(
            segment.path(),
            batch.offset(),
            "%s is here instead of revision %d".formatted(batch.header(), replay.nextRevision()));
      }
      try {
        replay.batch(batch.changes());
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw Corruption.at(
            segment.path(), batch.offset(), "what is here makes no sense: " + e.getMessage());
      }
      next++;
    }
    return next;
  }

  /// The log, to go on with batch `sequence`. What an earlier process wrote may be in the memory of
  /// the operating system only, and was read from there: it is synced before it can be read here.
  private Log log(long sequence) throws IOException {
    List<SegmentHeader> headers = segments.stream().map(SegmentReader::header).toList();
    if (segments.isEmpty()) {
      return new Log(disk, options.segments(), world, headers, null, 0, sequence);
    }
    SegmentReader last = segments.getLast();
    int cleared = last.clearRest(sequence);
    if (cleared > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "cut off a batch that was never acknowledged: file={0} offset={1} sectors={2}",
          last.path(),
          last.position(),
          cleared);
    }
    last.writeLastAgain();
    files.getLast().sync();
    disk.syncNames();
    for (DiskFile file : files.subList(0, files.size() - 1)) {
      file.close();
    }
    return new Log(
        disk, options.segments(), world, headers, files.getLast(), last.position(), sequence);
  }

  /// Deletes what the newest checkpoint made superfluous, and what was never finished.
  private void tidy(List<String> names, long firstSegment, List<String> checkpoints)
      throws IOException {
    for (String name : names) {
      boolean superseded =
          SegmentHeader.isName(name) && SegmentHeader.number(name) < firstSegment
              || Checkpoint.isName(name) && !name.equals(checkpoints.getLast());
      if (superseded || name.equals(CheckpointWriter.UNFINISHED) || name.equals(Spare.NAME)) {
        disk.delete(name);
      }
    }
  }
}
