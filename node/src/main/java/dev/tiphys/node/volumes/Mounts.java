package dev.tiphys.node.volumes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The mounts of a machine, as far as volumes need them.
///
/// Threads: any.
public interface Mounts {
  /// Mounts a file system in memory, unless one is mounted there. Returns whether that was done.
  ///
  /// @param size in bytes; 0 for the system's usual
  boolean mountMemory(Path directory, long size) throws IOException, InterruptedException;

  /// Mounts a file system.
  ///
  /// @param type as `nfs`; empty if the device says it
  /// @param source what is mounted, as the type names it
  /// @param options as `mount -o` takes them
  void mount(String type, String source, Path directory, List<String> options)
      throws IOException, InterruptedException;

  /// Mounts the file system on a device, which is made if there is nothing on the device.
  ///
  /// @param type of the file system; empty for ext4
  /// @param options as `mount -o` takes them; with `ro`, nothing is made
  void mountDevice(String type, Path device, Path directory, List<String> options)
      throws IOException, InterruptedException;

  /// Makes a file or directory appear at another place, which is there, and of the same kind.
  void bind(Path source, Path place) throws IOException, InterruptedException;

  /// Makes a part of a directory appear at another place, which is made: whatever is changed in the
  /// directory meanwhile, nothing outside of it.
  ///
  /// @param part relative; directories that are missing are made
  /// @throws IOException if the part leads out of the directory
  void bindBeneath(Path top, Path part, Path place) throws IOException, InterruptedException;

  /// What is mounted at a place or below, the last one first.
  List<Path> at(Path top) throws IOException;

  /// Unmounts everything that is mounted at a place or below, at every depth.
  ///
  /// @throws IOException if something stays
  void unmount(Path top) throws IOException, InterruptedException;

  /// Whether something is mounted exactly there.
  boolean isMounted(Path place) throws IOException;
}
