package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.disk.Corruption;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the batches of a segment, one after the other, and tells the end of the log from a damage.
///
/// Threads: one at a time.
public final class SegmentReader {

  private static final int WINDOW = 1 << 20;
  private static final byte[] ZEROS = new byte[Disk.SECTOR];

  private final DiskFile file;
  private final String path;
  private final SegmentHeader header;
  private final long size;
  private ByteBuffer window;
  private long windowStart;
  private long position = SegmentHeader.SIZE;
  private long last = SegmentHeader.SIZE;

  /// A batch as it was read.
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  public record Read(Frame.Header header, byte[] changes, long offset) {}

  public SegmentReader(Disk disk, String name, DiskFile file) throws IOException {
    this.file = file;
    this.path = disk.path(name);
    this.size = file.size();
    this.window = ByteBuffer.allocate((int) Math.min(WINDOW, size)).limit(0);
    if (size < SegmentHeader.SIZE) {
      throw Corruption.at(path, size, "the file ends here, in its header");
    }
    ByteBuffer first = ByteBuffer.allocate(SegmentHeader.SIZE);
    file.read(first, 0);
    this.header = SegmentHeader.read(path, first.flip());
    if (header.number() != SegmentHeader.number(name)) {
      throw Corruption.at(path, 0, "this is segment %d".formatted(header.number()));
    }
    if (header.capacity() != size) {
      throw Corruption.at(
          path, size, "the file ends here, but was %d bytes long".formatted(header.capacity()));
    }
  }

  public SegmentHeader header() {
    return header;
  }

  public String path() {
    return path;
  }

  /// Where the next batch begins, or would.
  public long position() {
    return position;
  }

  /// The batch `sequence`, which is the next one; null if it is not there, or not all of it.
  public @Nullable Read next(long sequence) throws IOException {
    if (size - position < Disk.SECTOR) {
      return null;
    }
    int at = window(position, Disk.SECTOR);
    Frame.Header frame = Frame.header(header.salt(), window, at);
    if (frame == null) {
      if (Frame.isWritten(window, at)) {
        throw Corruption.at(path, position, "a batch begins here whose header is wrong");
      }
      return null;
    }
    if (frame.sequence() != sequence || frame.sectors() * (long) Disk.SECTOR > size - position) {
      throw Corruption.at(
          path, position, "%s is here instead of batch %d".formatted(frame, sequence));
    }
    at = window(position, frame.sectors() * Disk.SECTOR);
    if (!isWritten(at, frame.sectors())) {
      return null;
    }
    byte[] changes = Frame.changes(frame, window, at);
    if (!Frame.isIntact(frame, changes)) {
      throw Corruption.at(
          path, position, "batch %d, here, has a wrong checksum".formatted(sequence));
    }
    last = position;
    position += frame.sectors() * (long) Disk.SECTOR;
    return new Read(frame, changes, last);
  }

  private boolean isWritten(int at, int sectors) {
    for (int i = 0; i < sectors; i++) {
      if (!Frame.isWritten(window, at + i * Disk.SECTOR)) {
        return false;
      }
    }
    return true;
  }

  /// Writes the last batch again, as it is. An earlier process may have failed to sync it; then the
  /// operating system shows it, but takes it for synced and would never write it by itself.
  public void writeLastAgain() throws IOException {
    int length = (int) (position - last);
    int start = window(last, length);
    file.write(ByteBuffer.wrap(window.array(), start, length), last);
  }

  /// Makes the rest of the segment as it was before `sequence`, the batch after the last one read,
  /// was begun. Returns how many sectors of it were written, and are zeros again.
  ///
  /// @throws dev.tiphys.store.StoreException `CORRUPT` if there is a later batch: it was begun, so
  ///   this one had been on disk
  public int clearRest(long sequence) throws IOException {
    List<Long> written = new ArrayList<>();
    for (long at = position; at + Disk.SECTOR <= size; at += Disk.SECTOR) {
      int start = window(at, Disk.SECTOR);
      if (!isZero(start)) {
        checkNotLater(sequence, start, at);
        written.add(at);
      }
    }
    ByteBuffer zeros = ByteBuffer.allocateDirect(Disk.SECTOR);
    for (long at : written) {
      file.write(zeros.clear(), at);
    }
    return written.size();
  }

  private void checkNotLater(long sequence, int start, long at) {
    Frame.Header found = Frame.header(header.salt(), window, start);
    if (found != null && found.sequence() > sequence) {
      throw Corruption.at(
          path,
          position,
          "batch %d, here, can't be read, though batch %d, at byte %d, is there"
              .formatted(sequence, found.sequence(), at));
    }
  }

  private boolean isZero(int start) {
    int end = start + Disk.SECTOR;
    return Arrays.mismatch(window.array(), start, end, ZEROS, 0, Disk.SECTOR) < 0;
  }

  /// Has `length` bytes at `from` in the window. Returns where in it.
  private int window(long from, int length) throws IOException {
    if (from < windowStart || from + length > windowStart + window.limit()) {
      if (window.capacity() < length) {
        window = ByteBuffer.allocate(length);
      }
      file.read(window.clear(), from);
      window.flip();
      windowStart = from;
    }
    return (int) (from - windowStart);
  }
}
