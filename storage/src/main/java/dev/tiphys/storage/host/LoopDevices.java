package dev.tiphys.storage.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Files as block devices.
///
/// Threads: any; one at a time for each file.
public final class LoopDevices {

  private final Machine machine;

  public LoopDevices(Machine machine) {
    this.machine = machine;
  }

  /// The device of a file; empty if it has none. One whose file was deleted is not its device.
  public String find(Path file) throws IOException, InterruptedException {
    List<String> all = of(file);
    return all.isEmpty() ? "" : all.getFirst();
  }

  private List<String> of(Path file) throws IOException, InterruptedException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return machine
        .run("losetup", "--noheadings", "--list", "--output", "NAME", "--associated", name(file))
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /// Makes a file a device, or finds that it is one. Returns the device.
  public String attach(Path file) throws IOException, InterruptedException {
    String present = find(file);
    if (!present.isEmpty()) {
      return present;
    }
    try { // past the cache of the file system below: the one above has its own
      return machine.run("losetup", "--find", "--show", "--direct-io=on", name(file)).strip();
    } catch (IOException e) {
      if (!find(file).isEmpty()) { // a device, but through the cache
        return find(file);
      }
      return machine.run("losetup", "--find", "--show", name(file)).strip();
    }
  }

  /// Has a device be as large as its file is now.
  public void resize(String device) throws IOException, InterruptedException {
    machine.run("losetup", "--set-capacity", device);
  }

  /// Ends all devices of a file, if there are any.
  public void detach(Path file) throws IOException, InterruptedException {
    for (String device : of(file)) {
      machine.run("losetup", "--detach", device);
    }
  }

  private static String name(Path file) throws IOException {
    return file.toRealPath().toString();
  }
}
