package dev.tiphys.node.volumes;

import dev.tiphys.node.host.BeneathMount;
import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.host.MountTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounts of this machine.
public final class HostMounts implements Mounts {

  @Override
  public boolean mountMemory(Path directory, long size) throws IOException, InterruptedException {
    if (isMounted(directory)) {
      return false;
    }
    String options = size > 0 ? "size=" + size : "mode=0755";
    mount("tmpfs", "tmpfs", directory, List.of(options));
    return true;
  }

  @Override
  public void mount(String type, String source, Path directory, List<String> options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    if (!type.isEmpty()) {
      arguments.addAll(List.of("-t", type));
    }
    if (!options.isEmpty()) {
      arguments.addAll(List.of("-o", String.join(",", options)));
    }
    arguments.addAll(List.of(source, directory.toString()));
    run("mount", arguments);
  }

  @Override
  public void mountDevice(String type, Path device, Path directory, List<String> options)
      throws IOException, InterruptedException {
    String wanted = type.isEmpty() ? "ext4" : type;
    DeviceFormat.ensure(wanted, device, options.contains("ro"));
    mount(wanted, device.toString(), directory, options);
  }

  @Override
  public void bind(Path source, Path place) throws IOException, InterruptedException {
    run("mount", List.of("--bind", source.toString(), place.toString()));
  }

  @Override
  public void bindBeneath(Path top, Path part, Path place) throws IOException {
    BeneathMount.bind(top, part, place);
  }

  @Override
  public List<Path> at(Path top) throws IOException {
    return MountTable.now().at(top);
  }

  @Override
  public boolean isMounted(Path place) throws IOException {
    return MountTable.now().isMounted(place);
  }

  /// A mount that is shared may take others of the table along: so it is read anew each time.
  @Override
  public void unmount(Path top) throws IOException, InterruptedException {
    List<Path> points = at(top);
    while (!points.isEmpty()) {
      run("umount", List.of(points.getFirst().toString()));
      List<Path> left = at(top);
      if (left.size() >= points.size()) {
        throw new IOException(points.getFirst() + " is still mounted");
      }
      points = left;
    }
  }

  private static void run(String name, List<String> arguments)
      throws IOException, InterruptedException {
    HostProgram program = HostProgram.find(name);
    if (program == null) {
      throw new IOException("there is no program " + name);
    }
    HostProgram.Result result = program.run(arguments.toArray(String[]::new));
    if (!result.succeeded()) {
      throw new IOException(name + " failed: " + result.output().strip());
    }
  }
}
