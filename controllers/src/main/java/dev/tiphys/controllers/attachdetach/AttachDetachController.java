package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Optional;

/// Keeps the VolumeAttachments of a cluster as its Pods need them.
///
/// Each volume is looked at as a whole: who uses it where, and where it is attached. What is known
/// is all in the API, so a controller that starts anew goes on where another one has stopped.
///
/// Guarantees: a volume of which no access mode allows several nodes is never attached to two. What
/// a node says to use is not detached, unless the node is out of service or has been unhealthy for
/// longer than upstream waits.
///
/// Cost: a look at a volume is one at its Pods and its attachments; volumes of drivers that attach
/// nothing cost nothing.
public final class AttachDetachController implements Component {

  public static final String NAME = "attachdetach-controller";

  private static final RetryPolicy BACKOFF =
      RetryPolicy.between(Duration.ofMillis(500), Duration.ofSeconds(122));

  private final Informer volumes;
  private final Informer nodes;
  private final Informer attachments;
  private final ObjectIndex podsByNode;
  private final VolumeUsers users;
  private final AttachedVolumes attached;
  private final VolumeLook look;
  private final Dangling dangling;
  private final EventRecorder events;
  private final Controller volumeQueue;
  private final Controller nodeQueue;
  private final Controller danglingQueue;

  /// @param metrics where attempts to attach, and detaches, are counted
  public AttachDetachController(
      World world, Api api, ClusterView cluster, AttachDetachMetrics metrics, int workers) {
    this.volumes = cluster.of(ApiResource.PERSISTENT_VOLUMES);
    this.nodes = cluster.of(ApiResource.NODES);
    this.attachments = cluster.of(StorageResources.ATTACHMENTS);
    this.podsByNode = cluster.podsByNode();
    this.users = new VolumeUsers(cluster);
    metrics.count(cluster.of(ApiResource.PODS), attachments, users);
    this.attached = new AttachedVolumes(api, volumes, attachments);
    this.events = new EventRecorder(world, api, NAME, "");
    AttachEvents told = new AttachEvents(events);
    Attaching attaching = new Attaching(world, api, told, metrics);
    Detaching detaching = new Detaching(world, api, nodes, attached, metrics);
    this.look = new VolumeLook(api, cluster, users, attached, attaching, detaching, told);
    this.dangling = new Dangling(api, nodes, attached, detaching);
    this.volumeQueue = new Controller(NAME, world, workers, BACKOFF, this::reconcileVolume);
    this.nodeQueue = new Controller("attached-volumes", world, 2, this::reconcileNode);
    this.danglingQueue =
        new Controller("dangling-attachments", world, 1, BACKOFF, this::reconcileDangling);
    cluster.of(ApiResource.PODS).listen(new PodListener());
    cluster
        .of(ApiResource.PERSISTENT_VOLUME_CLAIMS)
        .listen(
            Informer.Listener.ofAll(
                claim -> users.volumesOf(ObjectKey.of(claim)).forEach(this::enqueue)));
    cluster.of(StorageResources.DRIVERS).listen(Informer.Listener.ofAll(this::lookAtDriver));
    volumes.listen(Informer.Listener.ofAll(this::lookAtVolume));
    attachments.listen(new AttachmentListener());
    nodes.listen(new NodeListener());
  }

  private void enqueue(AttachableVolume volume) {
    volumeQueue.queue().add(new ObjectKey("", volume.uniqueName()), 0);
  }

  private void lookAtVolume(Struct volume) {
    AttachableVolume.of(volume).ifPresent(this::enqueue);
    attached.ofVolume(Meta.of(volume).name()).forEach(this::lookAtAttachment);
  }

  private void lookAtDriver(Struct driver) {
    String name = Meta.of(driver).name();
    volumes.list().stream()
        .map(AttachableVolume::of)
        .flatMap(Optional::stream)
        .filter(volume -> volume.driver().equals(name))
        .forEach(this::enqueue);
  }

  private void lookAtAttachment(Struct attachment) {
    nodeQueue.queue().add(new ObjectKey("", attachment.string("spec", "nodeName")), 0);
    attached
        .volumeOf(attachment)
        .ifPresentOrElse(this::enqueue, () -> danglingQueue.enqueue(attachment));
  }

  private final class PodListener implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      deleted(pod);
    }

    @Override
    public void updated(Struct before, Struct now) {
      deleted(now);
    }

    @Override
    public void deleted(Struct last) {
      if (!last.string("spec", "nodeName").isEmpty()) {
        users.volumesOf(last).forEach(AttachDetachController.this::enqueue);
      }
    }
  }

  private final class AttachmentListener implements Informer.Listener {
    @Override
    public void added(Struct attachment) {
      lookAtAttachment(attachment);
    }

    @Override
    public void updated(Struct before, Struct now) {
      lookAtAttachment(now);
    }

    @Override
    public void deleted(Struct last) {
      look.gone(last);
      lookAtAttachment(last);
    }
  }

  /// Nodes tell what they use, how they are and whether their volumes are looked after here.
  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      deleted(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      nodeQueue.enqueue(now);
      if (!now.list("status", "volumesInUse").equals(before.list("status", "volumesInUse"))
          || !now.list("spec", "taints").equals(before.list("spec", "taints"))
          || Meta.isTrue(now, "Ready") != Meta.isTrue(before, "Ready")
          || VolumeLook.isManaged(now) != VolumeLook.isManaged(before)) {
        deleted(now);
      }
    }

    @Override
    public void deleted(Struct last) {
      String name = Meta.of(last).name();
      nodeQueue.enqueue(last);
      attached.onNode(name).forEach(AttachDetachController.this::lookAtAttachment);
      podsByNode
          .with(name)
          .forEach(pod -> users.volumesOf(pod).forEach(AttachDetachController.this::enqueue));
    }
  }

  @Override
  public void start() {
    volumeQueue.start();
    nodeQueue.start();
    danglingQueue.start();
  }

  private Outcome reconcileVolume(ObjectKey key) {
    return AttachableVolume.parse(key.name())
        .map(volume -> look.at(volume, users.volumes(volume)))
        .orElse(Outcome.DONE);
  }

  private Outcome reconcileNode(ObjectKey key) {
    Struct node = nodes.find(key);
    if (node != null) {
      attached.report(node);
    }
    return Outcome.DONE;
  }

  private Outcome reconcileDangling(ObjectKey key) {
    Struct attachment = attachments.find(key);
    return attachment == null ? Outcome.DONE : dangling.look(attachment);
  }

  @Override
  public void close() {
    volumeQueue.close();
    nodeQueue.close();
    danglingQueue.close();
    events.close();
  }
}
