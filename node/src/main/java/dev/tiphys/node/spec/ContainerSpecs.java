package dev.tiphys.node.spec;

import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.ContainerHash;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.ContainerSpec.Mount;
import dev.tiphys.node.runtime.spec.ContainerSpec.Propagation;
import dev.tiphys.node.runtime.spec.ContainerSpec.Stdin;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Containers as Pods ask for them.
///
/// Threads: any.
public final class ContainerSpecs {
  private static final String HOSTS = "/etc/hosts";
  private static final Path NODES_HOSTS = Path.of(HOSTS);
  private static final String DEFAULT_MESSAGE_PATH = "/dev/termination-log";

  private final NodeSettings settings;
  private final PodDirectories directories;
  private final Environment environment;
  private final Security security;
  private final Map<String, Quantity> allocatable;
  private final long memoryCapacity;
  private final SubPaths subPaths;

  /// What a container is made of that depends on what was done for its Pod before.
  ///
  /// @param attempt how often it was restarted
  /// @param image the image, which is here
  /// @param addresses the Pod's
  /// @param volumes where the Pod's volumes are, by name
  /// @param target the id of the container whose processes an ephemeral one wants to see; empty if
  ///   it names none
  public record Circumstances(
      int attempt, Image image, List<String> addresses, Map<String, Path> volumes, String target) {
    public Circumstances {
      addresses = List.copyOf(addresses);
      volumes = Map.copyOf(volumes);
    }
  }

  /// @param allocatable what the node has for Pods
  public ContainerSpecs(
      NodeSettings settings,
      References references,
      ServiceVariables services,
      Map<String, Quantity> allocatable,
      long memoryCapacity,
      SubPaths subPaths) {
    this.settings = settings;
    this.directories = settings.directories();
    this.environment = new Environment(references, services);
    this.security = new Security(directories.seccomp());
    this.allocatable = Map.copyOf(allocatable);
    this.subPaths = subPaths;
    this.memoryCapacity = memoryCapacity;
  }

  /// Puts a container's spec together, and makes the files that it is given.
  ///
  /// @throws StartFailure if the Pod asks for what cannot be
  public ContainerSpec of(Pod pod, PodContainer container, Circumstances here)
      throws StartFailure, InterruptedException {
    Map<String, String> variables = environment.of(container, fields(pod, here.addresses()));
    ContainerSpec.Process process = process(container, variables);
    List<Mount> mounts =
        new ArrayList<>(VolumeMounts.of(pod, here.volumes(), subPaths).of(container, variables));
    try {
      mounts.addAll(ownFiles(pod, container, here, mounts));
      Files.createDirectories(
          directories.logs(pod.namespace(), pod.name(), pod.uid()).resolve(container.name()));
    } catch (IOException e) {
      Interrupts.check();
      throw new StartFailure(StartFailure.CREATE, "failed to prepare files: " + e);
    }
    return new ContainerSpec(
        new ContainerName(container.name(), here.attempt()),
        here.image().id(),
        container.image(),
        process,
        mounts,
        VolumeDevices.of(container, here.volumes()),
        labels(pod, container),
        annotations(pod, container, here.attempt()),
        PodDirectories.log(container.name(), here.attempt()),
        Resources.of(pod, container, memoryCapacity),
        security.of(pod, container, here.image(), here.target()));
  }

  private Map<String, String> labels(Pod pod, PodContainer container) {
    Map<String, String> labels =
        new HashMap<>(PodLabels.ofContainer(pod.sandboxName(0), container.name()));
    labels.put(PodLabels.NODE, settings.name());
    return labels;
  }

  /// What a Pod can be told about itself.
  public DownwardFields fields(Pod pod, List<String> addresses) {
    return new DownwardFields(
        pod,
        pod.hostNetwork() ? settings.addresses() : addresses,
        settings.addresses(),
        allocatable);
  }

  private static ContainerSpec.Process process(
      PodContainer container, Map<String, String> variables) {
    Stdin stdin = Stdin.NONE;
    if (container.spec().bool("stdin")) {
      stdin = container.spec().bool("stdinOnce") ? Stdin.ONCE : Stdin.OPEN;
    }
    List<ContainerSpec.Variable> environment = new ArrayList<>();
    variables.forEach((name, value) -> environment.add(new ContainerSpec.Variable(name, value)));
    return new ContainerSpec.Process(
        expanded(container.spec().strings("command"), variables),
        expanded(container.spec().strings("args"), variables),
        container.spec().string("workingDir"),
        environment,
        stdin,
        container.spec().bool("tty"),
        "");
  }

  private static List<String> expanded(List<String> words, Map<String, String> variables) {
    return words.stream().map(word -> Expansion.of(word, variables)).toList();
  }

  private static Map<String, String> annotations(Pod pod, PodContainer container, int attempt) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(ContainerAnnotations.HASH, ContainerHash.of(container));
    annotations.put(ContainerAnnotations.RESTART_COUNT, Integer.toString(attempt));
    annotations.put(ContainerAnnotations.MESSAGE_PATH, messagePath(container));
    annotations.put(
        ContainerAnnotations.MESSAGE_POLICY, container.spec().string("terminationMessagePolicy"));
    annotations.put(ContainerAnnotations.GRACE, Long.toString(pod.grace().toSeconds()));
    return annotations;
  }

  private static String messagePath(PodContainer container) {
    String path = container.spec().string("terminationMessagePath");
    return path.isEmpty() ? DEFAULT_MESSAGE_PATH : path;
  }

  private List<Mount> ownFiles(
      Pod pod, PodContainer container, Circumstances here, List<Mount> mounts) throws IOException {
    List<Mount> files = new ArrayList<>();
    if (mounts.stream().noneMatch(mount -> mount.containerPath().equals(HOSTS))) {
      Path hosts = directories.hostsFile(pod.uid());
      Files.createDirectories(directories.pod(pod.uid()));
      String nodes = pod.hostNetwork() ? Files.readString(NODES_HOSTS) : "";
      Files.writeString(
          hosts, HostsFile.of(pod, here.addresses(), settings.clusterDomain(), nodes));
      files.add(mount(HOSTS, hosts));
    }
    Path message = directories.terminationMessage(pod.uid(), container.name(), here.attempt());
    Files.createDirectories(message.getParent());
    Files.write(message, new byte[0]);
    // The container may run as any user.
    Files.setPosixFilePermissions(message, PosixFilePermissions.fromString("rw-rw-rw-"));
    files.add(mount(messagePath(container), message));
    return files;
  }

  private static Mount mount(String containerPath, Path file) {
    return new Mount(containerPath, file.toString(), false, false, Propagation.PRIVATE, true);
  }
}
