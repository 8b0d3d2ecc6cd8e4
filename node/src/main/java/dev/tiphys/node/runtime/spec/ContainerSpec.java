package dev.tiphys.node.runtime.spec;

import java.util.List;
import java.util.Map;

/// What a container is made from.
///
/// @param image the image's id, or a reference to it
/// @param userImage the reference as the Pod has it; only kept for display
/// @param process what runs in it
/// @param labels what it can be found by; see [PodLabels]
/// @param annotations kept and given back, for the caller's own use
/// @param logPath the file for its output, relative to the sandbox's log directory; empty for none
public record ContainerSpec(
    ContainerName name,
    String image,
    String userImage,
    Process process,
    List<Mount> mounts,
    List<Device> devices,
    Map<String, String> labels,
    Map<String, String> annotations,
    String logPath,
    LinuxResources resources,
    ContainerSecurity security) {

  /// The process that a container runs. Empty parts are the image's to say.
  ///
  /// @param command replaces the image's entry point
  /// @param args replaces the image's command; if there is a command and no args, there are none
  /// @param stdin what the process reads
  /// @param tty whether it has a terminal; its output is then one stream
  /// @param stopSignal as `SIGTERM`; needs a runtime that knows of it
  public record Process(
      List<String> command,
      List<String> args,
      String workingDirectory,
      List<Variable> environment,
      Stdin stdin,
      boolean tty,
      String stopSignal) {
    public Process {
      command = List.copyOf(command);
      args = List.copyOf(args);
      environment = List.copyOf(environment);
    }
  }

  /// An environment variable.
  public record Variable(String name, String value) {}

  /// What a container's process reads.
  public enum Stdin {
    /// Nothing.
    NONE,
    /// What the first session that attaches sends; then the end.
    ONCE,
    /// What sessions that attach send.
    OPEN
  }

  /// A file or directory of the node inside the container.
  ///
  /// @param recursiveReadonly whether what is mounted below is read-only as well
  /// @param relabel whether to give the files the container's SELinux label
  public record Mount(
      String containerPath,
      String hostPath,
      boolean readonly,
      boolean recursiveReadonly,
      Propagation propagation,
      boolean relabel) {}

  /// How far later mounts are seen.
  public enum Propagation {
    PRIVATE,
    HOST_TO_CONTAINER,
    BIDIRECTIONAL
  }

  /// A device of the node inside the container.
  ///
  /// @param permissions of `rwm`: read, write, make
  public record Device(String containerPath, String hostPath, String permissions) {}

  public ContainerSpec {
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /// The same with another environment, and with other files and devices of the node.
  public ContainerSpec with(
      List<Variable> environment, List<Mount> otherMounts, List<Device> otherDevices) {
    Process with =
        new Process(
            process.command,
            process.args,
            process.workingDirectory,
            environment,
            process.stdin,
            process.tty,
            process.stopSignal);
    return new ContainerSpec(
        name,
        image,
        userImage,
        with,
        otherMounts,
        otherDevices,
        labels,
        annotations,
        logPath,
        resources,
        security);
  }
}
