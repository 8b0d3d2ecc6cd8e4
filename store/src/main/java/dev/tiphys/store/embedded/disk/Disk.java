package dev.tiphys.store.embedded.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One directory, and the few things that a store does with its files.
///
/// Nothing is sure to survive a crash of the machine before it is synced: the bytes of a file with
/// [DiskFile#sync], the names of files with [#syncNames]. What was not synced may be there or not,
/// each sector and each name for itself.
///
/// Threads: any.
public interface Disk {

  /// What a disk writes whole or not at all.
  int SECTOR = 512;

  /// The names of all files, in order.
  List<String> names() throws IOException;

  /// Makes an empty file; one of that name that is there already is emptied.
  DiskFile create(String name) throws IOException;

  DiskFile open(String name) throws IOException;

  /// Renames a file, in place of one that has the new name already.
  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  void syncNames() throws IOException;

  /// How many bytes all files take together.
  long size() throws IOException;

  /// How many bytes more there is room for.
  long room() throws IOException;

  /// The full name of a file, for messages to people.
  String path(String name);

  /// An open file.
  interface DiskFile extends AutoCloseable {

    long size() throws IOException;

    /// Reads from `position` on until the buffer is full or the file ends.
    void read(ByteBuffer into, long position) throws IOException;

    /// Writes all of the buffer at `position`.
    ///
    /// @throws DiskFullException if there is no room left; some of it may have been written
    void write(ByteBuffer from, long position) throws IOException;

    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// There is no room left.
  final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    public DiskFullException(String message) {
      super(message);
    }
  }
}
