package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Plays the program of a CSI driver that attaches disks, and what the nodes' agents do with disks:
/// they say that one is in use, look whether it is attached, mount it, and give it back when its
/// Pods are gone.
///
/// Notes what must never happen: a disk of one node at a time that is attached to two, and one that
/// is detached while it is mounted.
final class TestAttacher implements AutoCloseable {

  static final ApiResource ATTACHMENTS =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "volumeattachments", "VolumeAttachment", false);

  private static final String DRIVER = "disks.example.com";
  private static final String FINALIZER = "external-attacher/disks-example-com";

  private final Api api;
  private final Informer attachments;
  private final Informer pods;
  private final Controller driver;
  private final Controller agents;
  private final Map<String, Set<String>> attachedTo = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> mounted = new ConcurrentHashMap<>();
  private final Set<String> lost = ConcurrentHashMap.newKeySet();
  private final List<String> faults = new ArrayList<>();
  private volatile String error = "";
  private volatile boolean works = true;

  TestAttacher(World world, Api api) {
    this.api = api;
    this.attachments = new Informer(world, api, ATTACHMENTS);
    this.pods = new Informer(world, api, ApiResource.PODS);
    this.driver = new Controller("driver", world, 3, this::drive);
    this.agents = new Controller("agents", world, 3, this::tend);
    attachments.listen(
        Informer.Listener.ofAll(
            attachment -> {
              driver.enqueue(attachment);
              lookAt(attachment.string("spec", "nodeName"));
            }));
    pods.listen(Informer.Listener.ofAll(pod -> lookAt(pod.string("spec", "nodeName"))));
  }

  TestAttacher start() {
    attachments.start();
    pods.start();
    driver.start();
    agents.start();
    return this;
  }

  private void lookAt(String node) {
    if (!node.isEmpty()) {
      agents.queue().add(new ObjectKey("", node), 0);
    }
  }

  /// What is said of every disk from now on; empty for none.
  void fail(String message) {
    error = message;
    attachments.list().forEach(driver::enqueue);
  }

  /// Whether the driver answers at all, from now on.
  void work(boolean now) {
    works = now;
    attachments.list().forEach(driver::enqueue);
  }

  /// An agent does nothing more, and its disks stay mounted.
  void lose(String node) {
    lost.add(node);
  }

  /// The node itself is gone, and with it what was mounted.
  void powerOff(String node) {
    lose(node);
    mounted.values().forEach(nodes -> nodes.remove(node));
  }

  /// What must never happen and did.
  List<String> faults() {
    return faults;
  }

  /// The nodes where a disk is mounted.
  Set<String> mountedOn(String handle) {
    return new TreeSet<>(mounted.getOrDefault(handle, Set.of()));
  }

  private static String handle(Struct attachment) {
    return "h-" + attachment.string("spec", "source", "persistentVolumeName");
  }

  static String uniqueName(String handle) {
    return "kubernetes.io/csi/" + DRIVER + "^" + handle;
  }

  private static boolean isShared(String handle) {
    return handle.startsWith("h-shared");
  }

  private Outcome drive(ObjectKey key) {
    Struct attachment = attachments.find(key);
    if (attachment == null || !works) {
      return Outcome.DONE;
    }
    String node = attachment.string("spec", "nodeName");
    String handle = handle(attachment);
    Set<String> nodes = attachedTo.computeIfAbsent(handle, _ -> ConcurrentHashMap.newKeySet());
    if (Meta.of(attachment).isBeingDeleted()) {
      if (mountedOn(handle).contains(node)) {
        faults.add(handle + " was detached from " + node + ", where it is mounted");
      }
      nodes.remove(node);
      api.update(ATTACHMENTS, attachment.withAt(List.of(), "metadata", "finalizers"));
    } else if (!Meta.of(attachment).finalizers().contains(FINALIZER)) {
      api.update(ATTACHMENTS, attachment.withAt(List.of(FINALIZER), "metadata", "finalizers"));
    } else if (!error.isEmpty()) {
      if (!attachment.string("status", "attachError", "message").equals(error)) {
        Struct status = Struct.of("attached", false, "attachError", Struct.of("message", error));
        api.update(ATTACHMENTS, attachment.with("status", status), "status");
      }
    } else if (!attachment.bool("status", "attached")) {
      nodes.add(node);
      if (nodes.size() > 1 && !isShared(handle)) {
        faults.add(handle + " is attached to " + nodes);
      }
      api.update(ATTACHMENTS, attachment.with("status", Struct.of("attached", true)), "status");
    }
    return Outcome.DONE;
  }

  private Outcome tend(ObjectKey key) {
    String name = key.name();
    if (lost.contains(name)) {
      return Outcome.DONE;
    }
    Set<String> wanted =
        pods.list().stream()
            .filter(pod -> pod.string("spec", "nodeName").equals(name))
            .flatMap(pod -> pod.structs("spec", "volumes").stream())
            .map(volume -> volume.string("persistentVolumeClaim", "claimName"))
            .filter(claim -> !claim.isEmpty())
            .map(claim -> "h-" + claim)
            .collect(Collectors.toSet());
    mounted.forEach(
        (handle, nodes) -> {
          if (!wanted.contains(handle)) {
            nodes.remove(name);
          }
        });
    List<String> inUse =
        wanted.stream().map(TestAttacher::uniqueName).sorted().collect(Collectors.toList());
    Struct patch = Struct.of("status", Struct.of("volumesInUse", inUse));
    Struct node = api.patch(ApiResource.NODES, "", name, "status", PatchType.MERGE, patch);
    Set<String> attached =
        node.structs("status", "volumesAttached").stream()
            .map(each -> each.string("name"))
            .collect(Collectors.toSet());
    boolean waits = false;
    for (String handle : wanted) {
      if (attached.contains(uniqueName(handle))) {
        mounted.computeIfAbsent(handle, _ -> ConcurrentHashMap.newKeySet()).add(name);
      } else {
        waits = true;
      }
    }
    return waits ? Outcome.again(java.time.Duration.ofSeconds(1)) : Outcome.DONE;
  }

  @Override
  public void close() {
    driver.close();
    agents.close();
    attachments.close();
    pods.close();
  }
}
