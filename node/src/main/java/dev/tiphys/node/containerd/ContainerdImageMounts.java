package dev.tiphys.node.containerd;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.host.MountTable;
import dev.tiphys.node.runtime.ImageMounts;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounts images of containerd, by the client that comes with it.
///
/// CRI mounts images for containers by itself only from containerd 2.1 on. Until then a view of the
/// image's layers is made, with the directory's name as its key, and bound into the containers.
///
/// Threads: any.
final class ContainerdImageMounts implements ImageMounts {
  private static final String NAMESPACE = "k8s.io";

  /// As upstream documents image volumes. runc keeps `noexec` from 1.2 on; before, the container's
  /// own mount of it loses that.
  private static final String READ_ONLY = "remount,bind,ro,noexec,nosuid,nodev";

  private final ContainerdFiles files;

  ContainerdImageMounts(ContainerdFiles files) {
    this.files = files;
  }

  @Override
  public void mount(String image, Path directory) throws InterruptedException {
    try {
      if (!MountTable.now().isMounted(directory)) {
        unmount(directory); // A view may be left of what was mounted before the machine ended.
        client("mount", image, directory.toString());
      }
      run("mount", List.of("-o", READ_ONLY, directory.toString()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void unmount(Path directory) throws InterruptedException {
    try {
      client("unmount", "--rm", directory.toString());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void client(String command, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("--address", files.socket().toString(), "--namespace", NAMESPACE));
    all.addAll(List.of("images", command));
    all.addAll(List.of("--snapshotter", Snapshotter.choose(files).id()));
    all.addAll(List.of(arguments));
    run("ctr", all);
  }

  private static RuntimeFailure failed(IOException failure) throws InterruptedException {
    Interrupts.check();
    String message = String.valueOf(failure.getMessage());
    return new RuntimeFailure(Reason.FAILED, "Unknown", message, failure);
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
