package dev.tiphys.node.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounts that only stand in a list. Nothing of them is seen in the file system.
///
/// Threads: any.
public final class FakeMounts implements Mounts {
  private final List<Mounted> mounts = new ArrayList<>();

  /// @param source what is mounted: a device, a directory, `tmpfs`
  public record Mounted(String source, Path place) {}

  @Override
  public synchronized boolean mountMemory(Path directory, long size) {
    if (isMounted(directory)) {
      return false;
    }
    mounts.add(new Mounted("tmpfs", directory));
    return true;
  }

  @Override
  public synchronized void mount(String type, String source, Path directory, List<String> options)
      throws IOException {
    if (source.startsWith("gone:")) {
      throw new IOException("mount failed: no answer from " + source);
    }
    mounts.add(new Mounted(source, directory));
  }

  @Override
  public synchronized void mountDevice(
      String type, Path device, Path directory, List<String> options) {
    mounts.add(new Mounted(device.toString(), directory));
  }

  @Override
  public synchronized void bind(Path source, Path place) {
    mounts.add(new Mounted(source.toString(), place));
  }

  @Override
  public synchronized void bindBeneath(Path top, Path part, Path place) throws IOException {
    Files.createDirectories(place.getParent());
    mounts.add(new Mounted(top.resolve(part).toString(), place));
  }

  @Override
  public synchronized List<Path> at(Path top) {
    return mounts.reversed().stream().map(Mounted::place).filter(p -> p.startsWith(top)).toList();
  }

  @Override
  public synchronized void unmount(Path top) {
    mounts.removeIf(mounted -> mounted.place().startsWith(top));
  }

  @Override
  public synchronized boolean isMounted(Path place) {
    return mounts.stream().anyMatch(mounted -> mounted.place().equals(place));
  }

  /// Everything that is mounted but memory.
  public synchronized List<Mounted> all() {
    return mounts.stream().filter(mounted -> !mounted.source().equals("tmpfs")).toList();
  }

  /// What the end of the machine does.
  public synchronized void clear() {
    mounts.clear();
  }
}
