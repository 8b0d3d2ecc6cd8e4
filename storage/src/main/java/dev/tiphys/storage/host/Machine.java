package dev.tiphys.storage.host;

import java.io.IOException;
import java.nio.file.Path;

/// What a driver changes on its machine. Each method is one step: a process that is killed leaves
/// it done or not done, apart from those that say otherwise.
///
/// Threads: any.
public interface Machine {

  /// Runs a program to its end. What is left of one that is killed depends on the program.
  ///
  /// @return what it has printed
  /// @throws IOException if it cannot be started, or fails: the message is what it says
  String run(String... command) throws IOException, InterruptedException;

  /// Makes a directory, readable by its owner only, and those above it. One that is there is left
  /// as it is.
  void makeDirectory(Path directory) throws IOException;

  /// Replaces a file in one go: after a kill or a crash there is the old one or the new one.
  void write(Path file, byte[] content) throws IOException;

  /// Makes a file of that size without blocks, or grows the one that is there; never shrinks it.
  void grow(Path file, long size) throws IOException;

  /// Removes a file or an empty directory, if it is there.
  void remove(Path file) throws IOException;

  /// Removes a directory and all below it, never beyond a mount: while something is mounted there,
  /// nothing is removed. A kill can leave a part of it.
  ///
  /// @throws IOException if something is mounted there or below
  void removeTree(Path directory) throws IOException;

  /// Has a directory, and all that will be in it, hold no more than so many bytes.
  ///
  /// @param project what tells it apart from others of its file system
  /// @throws IOException if the file system cannot
  void limit(Path directory, int project, long bytes) throws IOException;
}
