package dev.tiphys.node.sync;

import static java.util.stream.Collectors.toSet;

import dev.tiphys.node.devices.DeviceFailure;
import dev.tiphys.node.images.LoadedImages;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.probes.Handler;
import dev.tiphys.node.pull.ImagePuller;
import dev.tiphys.node.pull.PullFailure;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.spec.ContainerSpecs;
import dev.tiphys.node.spec.StartFailure;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Starts the containers of one Pod.
///
/// Threads: the Pod's worker.
final class ContainerStarter {
  private final NodeContext node;
  private final ImagePuller puller;

  ContainerStarter(NodeContext node) {
    this.node = node;
    this.puller =
        new ImagePuller(
            node.world(),
            node.runtime().images(),
            new LoadedImages(node.settings().directories().loadedImages()),
            node.secrets(),
            node.events());
  }

  /// Starts a container.
  ///
  /// @param before the one that it replaces; null if it is the first
  void start(
      Pod pod,
      PodContainer container,
      @Nullable Observed before,
      SandboxContext sandbox,
      Observation seen)
      throws StartFailure, PullFailure, InterruptedException {
    Image image = image(pod, container);
    mountImages(pod, container, sandbox.volumes());
    ContainerSpec spec;
    String id;
    try {
      spec =
          node.containers()
              .of(
                  pod,
                  container,
                  new ContainerSpecs.Circumstances(
                      before == null ? attempt(pod, container) : before.restarts() + 1,
                      image,
                      sandbox.addresses(),
                      sandbox.volumes(),
                      target(container, seen)));
      spec = withDevices(spec, pod, container);
      id = create(spec, sandbox);
    } catch (StartFailure e) {
      node.events().warning(pod, container, "Failed", "Error: " + e.message());
      throw e;
    }
    node.events().normal(pod, container, "Created", "Container created");
    try {
      node.runtime().startContainer(id);
    } catch (RuntimeFailure e) {
      throwIfUnavailable(e);
      node.events().warning(pod, container, "Failed", "Error: " + e.description());
      throw new StartFailure(StartFailure.RUN, e.description());
    }
    node.events().normal(pod, container, "Started", "Container started");
    runHook(pod, container, id, sandbox);
  }

  private ContainerSpec withDevices(ContainerSpec spec, Pod pod, PodContainer container)
      throws StartFailure {
    try {
      return node.devices().into(spec, pod, container.name());
    } catch (DeviceFailure e) {
      throw new StartFailure(StartFailure.CREATE, e.message());
    }
  }

  /// A runtime that does not answer says nothing about the container.
  private static void throwIfUnavailable(RuntimeFailure failure) {
    if (failure.reason() == RuntimeFailure.Reason.UNAVAILABLE) {
      throw failure;
    }
  }

  private Image image(Pod pod, PodContainer container) throws PullFailure, InterruptedException {
    return pulled(pod, container, () -> puller.image(pod, container));
  }

  /// Brings the images that are volumes of the container to their places.
  private void mountImages(Pod pod, PodContainer container, Map<String, Path> places)
      throws StartFailure, PullFailure, InterruptedException {
    Set<String> used =
        container.volumeMounts().stream().map(mount -> mount.string("name")).collect(toSet());
    for (Struct volume : pod.spec().structs("volumes")) {
      Path place = places.get(volume.string("name"));
      if (volume.has("image") && place != null && used.contains(volume.string("name"))) {
        Image image = pulled(pod, container, () -> puller.volume(pod, volume.struct("image")));
        try {
          node.runtime().images().mount(image.id(), place);
        } catch (RuntimeFailure e) {
          throwIfUnavailable(e);
          throw new StartFailure(StartFailure.CREATE, e.description());
        }
      }
    }
  }

  private interface Pull {
    Image run() throws PullFailure, InterruptedException;
  }

  private Image pulled(Pod pod, PodContainer container, Pull pull)
      throws PullFailure, InterruptedException {
    try {
      return pull.run();
    } catch (PullFailure e) {
      node.events().warning(pod, container, "Failed", "Error: " + e.reason());
      throw e;
    }
  }

  private String create(ContainerSpec spec, SandboxContext sandbox)
      throws StartFailure, InterruptedException {
    try {
      return node.runtime().createContainer(sandbox.id(), spec, sandbox.spec());
    } catch (RuntimeFailure e) {
      throwIfUnavailable(e);
      throw new StartFailure(StartFailure.CREATE, e.description());
    }
  }

  /// The attempt of a container that nothing is known of: after the last one that left a log.
  private int attempt(Pod pod, PodContainer container) {
    Path logs =
        node.settings()
            .directories()
            .logs(pod.namespace(), pod.name(), pod.uid())
            .resolve(container.name());
    int next = 0;
    if (Files.isDirectory(logs)) {
      try (Stream<Path> files = Files.list(logs)) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          String number = name.substring(0, Math.max(0, name.indexOf('.')));
          if (number.matches("[0-9]{1,9}")) {
            next = Math.max(next, Integer.parseInt(number) + 1);
          }
        }
      } catch (IOException _) {
        return next; // Logs that cannot be read cannot be overwritten either.
      }
    }
    return next;
  }

  private static String target(PodContainer container, Observation seen) {
    String name = container.spec().string("targetContainerName");
    Observed target = name.isEmpty() ? null : seen.newest(name);
    return target == null ? "" : target.status().id();
  }

  private void runHook(Pod pod, PodContainer container, String id, SandboxContext sandbox)
      throws StartFailure, InterruptedException {
    Struct hook = container.spec().struct("lifecycle", "postStart");
    if (hook.isEmpty()) {
      return;
    }
    String address =
        sandbox.addresses().isEmpty()
            ? node.settings().addresses().getFirst()
            : sandbox.addresses().getFirst();
    String problem =
        node.handler().hook(hook, new Handler.Target(container, id, address), Duration.ZERO);
    if (problem != null) {
      node.events().warning(pod, container, "FailedPostStartHook", "PostStartHook failed");
      node.events().normal(pod, container, "Killing", "FailedPostStartHook");
      node.runtime().stopContainer(id, pod.grace());
      throw new StartFailure(StartFailure.POST_START, problem);
    }
  }
}
