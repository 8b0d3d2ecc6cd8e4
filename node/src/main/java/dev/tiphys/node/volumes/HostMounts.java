package dev.tiphys.node.volumes;

import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Mounts of this machine.
public final class HostMounts implements Mounts {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int PLACE = 4;

  @Override
  public boolean mountMemory(Path directory, long size) throws IOException, InterruptedException {
    if (isMounted(directory)) {
      return false;
    }
    String options = size > 0 ? "size=" + size : "mode=0755";
    run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
    return true;
  }

  @Override
  public void unmount(Path directory) throws IOException, InterruptedException {
    if (isMounted(directory)) {
      run("umount", directory.toString());
    }
  }

  private static boolean isMounted(Path directory) throws IOException {
    // The table has real paths, with some characters written in octal.
    String place = directory.toRealPath().toString().replace(" ", "\\040");
    List<String> lines = Files.readAllLines(TABLE);
    return lines.stream().anyMatch(line -> line.split(" ")[PLACE].equals(place));
  }

  private static void run(String name, String... arguments)
      throws IOException, InterruptedException {
    HostProgram program = HostProgram.find(name);
    if (program == null) {
      throw new IOException("there is no program " + name);
    }
    HostProgram.Result result = program.run(arguments);
    if (!result.succeeded()) {
      throw new IOException(name + " failed: " + result.output().strip());
    }
  }
}
