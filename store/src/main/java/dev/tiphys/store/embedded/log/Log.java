package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log: batches of changes in a row of segments, of which the last one is written to.
///
/// A segment that a write or sync has failed on is never written to again: the operating system may
/// hold bytes that it takes for written and that are not on disk. The log goes on in a new segment,
/// whose header tells that nothing from the failed batch on counts in the old one.
///
/// Threads: one at a time appends and closes; any asks for sizes and drops segments.
public final class Log {

  /// How large segments are.
  ///
  /// @param first the bytes of the first one; each next one is larger
  /// @param most how many bytes one gets at most
  public record Sizes(long first, long most) {}

  /// How much larger each segment is than the one before, up to the largest.
  private static final int GROWTH = 4;

  private final Disk disk;
  private final Sizes sizes;
  private final World world;
  private final Spare spare;
  private final Deque<SegmentHeader> segments = new ArrayDeque<>(); // guarded by itself
  private final ByteWriter changes = new ByteWriter();
  private ByteBuffer frame = ByteBuffer.allocateDirect(1 << 16);
  private @Nullable DiskFile file;
  private long position;
  private long sequence;
  private boolean mustRoll;

  /// A log that goes on where `segments` end.
  ///
  /// @param file the last of them, or null if there is none
  /// @param position the end of its last batch
  /// @param sequence the number of the next batch
  public Log(
      Disk disk,
      Sizes sizes,
      World world,
      List<SegmentHeader> segments,
      @Nullable DiskFile file,
      long position,
      long sequence) {
    this.disk = disk;
    this.sizes = sizes;
    this.world = world;
    this.spare = new Spare(disk, world);
    this.segments.addAll(segments);
    this.file = file;
    this.position = position;
    this.sequence = sequence;
  }

  /// Has a segment to write to, though nothing may ever be written.
  public void begin(long firstRevision) throws IOException {
    if (file == null) {
      roll(firstRevision, 0);
    }
  }

  /// Writes a batch. When this returns, it is on disk.
  ///
  /// @param firstRevision the revision that the first change to a key in it has, or would have
  public void append(List<Change> batch, long firstRevision) throws IOException {
    changes.clear();
    for (Change change : batch) {
      ChangeCodec.write(change, changes);
    }
    int size = Frame.size(changes.size());
    DiskFile target = file;
    if (target == null || mustRoll || position + size > newest().capacity()) {
      target = roll(firstRevision, size);
    }
    if (frame.capacity() < size) {
      frame = ByteBuffer.allocateDirect(size);
    }
    Frame.write(newest().salt(), sequence, firstRevision, changes, frame.clear());
    mustRoll = true;
    target.write(frame, position);
    target.sync();
    mustRoll = false;
    position += size;
    sequence++;
    if (position > newest().capacity() / 2) {
      spare.prepare(sizes.first(), nextCapacity());
    }
  }

  /// Begins a new segment, with room for a frame of `size` bytes. Should this fail on the way, the
  /// new segment may be on disk or not: so the old one must not be written to any more.
  private DiskFile roll(long firstRevision, int size) throws IOException {
    mustRoll = true;
    long least = Math.max(SegmentHeader.SIZE + size, sizes.first());
    Spare.Prepared next = spare.take(least, nextCapacity());
    DiskFile old = file;
    try {
      SegmentHeader header =
          new SegmentHeader(
              nextNumber(), next.capacity(), sequence, firstRevision, world.random().nextLong());
      next.file().write(header.bytes(), 0);
      next.file().sync();
      disk.rename(Spare.NAME, header.name());
      disk.syncNames();
      NewestMark.put(disk, header.number());
      synchronized (segments) {
        segments.add(header);
      }
    } catch (IOException e) {
      next.file().close();
      throw e;
    }
    file = next.file();
    position = SegmentHeader.SIZE;
    mustRoll = false;
    if (old != null) {
      old.close();
    }
    return next.file();
  }

  private long nextNumber() {
    synchronized (segments) {
      return segments.isEmpty() ? 1 : segments.getLast().number() + 1;
    }
  }

  private long nextCapacity() {
    synchronized (segments) {
      return segments.isEmpty()
          ? sizes.first()
          : Math.min(segments.getLast().capacity() * GROWTH, sizes.most());
    }
  }

  private SegmentHeader newest() {
    synchronized (segments) {
      return segments.getLast();
    }
  }

  /// The number of the first segment that holds anything newer than `revision`, or may come to.
  public long firstNeeded(long revision) {
    synchronized (segments) {
      Iterator<SegmentHeader> newestFirst = segments.descendingIterator();
      while (newestFirst.hasNext()) {
        SegmentHeader segment = newestFirst.next();
        if (segment.firstRevision() <= revision + 1) {
          return segment.number();
        }
      }
      return segments.getFirst().number();
    }
  }

  /// How many bytes the segments before segment `number` take.
  public long bytesBefore(long number) {
    synchronized (segments) {
      return segments.stream()
          .filter(segment -> segment.number() < number)
          .mapToLong(SegmentHeader::capacity)
          .sum();
    }
  }

  /// Deletes the segments before segment `number`, the oldest first.
  public void dropBefore(long number) throws IOException {
    synchronized (segments) {
      while (segments.getFirst().number() < number) {
        disk.delete(segments.getFirst().name());
        segments.removeFirst();
      }
    }
  }

  /// Where the log is, for messages.
  public String directory() {
    return disk.path("");
  }

  public void close() throws IOException {
    spare.close();
    if (file != null) {
      file.close();
    }
  }
}
