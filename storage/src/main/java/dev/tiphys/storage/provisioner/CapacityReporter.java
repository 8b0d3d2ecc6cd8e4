package dev.tiphys.storage.provisioner;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.storage.sidecar.DriverCalls;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells the scheduler how much room this node has for volumes of each class: a CSIStorageCapacity
/// each, up to date within a minute, and at once after a volume was made or deleted.
///
/// Threads: any.
public final class CapacityReporter implements AutoCloseable {

  private static final String NAMESPACE = "kube-system";
  private static final String DRIVER_LABEL = "csi.storage.k8s.io/drivername";
  private static final String MANAGER_LABEL = "csi.storage.k8s.io/managed-by";
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /// What is free changes all the time; what is less than so much of it is not worth a write.
  private static final long WORTH_TELLING = 16L << 20;

  private final Api api;
  private final DriverCalls driver;
  private final SidecarSettings settings;
  private final Informer classes;
  private final Informer volumes;
  private final Controller telling;

  public CapacityReporter(World world, Api api, DriverCalls driver, SidecarSettings settings) {
    this.api = api;
    this.driver = driver;
    this.settings = settings;
    this.telling = new Controller("storage-capacity", world.background(), 1, this::tell);
    this.classes =
        new Informer(world, api, StorageResources.CLASSES)
            .listen(Informer.Listener.ofAll(telling::enqueue))
            .onSynced(this::clear);
    this.volumes =
        new Informer(world, api, ApiResource.PERSISTENT_VOLUMES)
            .listen(
                new Informer.Listener() {
                  @Override
                  public void added(Struct volume) {
                    lookAgain(volume);
                  }

                  @Override
                  public void deleted(Struct last) {
                    lookAgain(last);
                  }
                });
  }

  private void lookAgain(Struct volume) {
    if (settings.isOurs(volume)) {
      classes.list().forEach(telling::enqueue);
    }
  }

  public void start() {
    telling.start();
    classes.start();
    volumes.start();
  }

  private String managedBy() {
    return "external-provisioner-" + settings.node();
  }

  private String nameOf(String type) {
    return "csisc-%08x-%08x".formatted(settings.node().hashCode(), type.hashCode());
  }

  /// Has the objects of classes looked at that went while nothing ran here.
  private void clear() {
    telling.queue().add(new ObjectKey("", ""), 0);
  }

  private void deleteStrays() {
    for (Struct capacity :
        api.list(
                StorageResources.CAPACITIES,
                NAMESPACE,
                ListOptions.withLabels(
                    "%s=%s,%s=%s"
                        .formatted(DRIVER_LABEL, settings.driver(), MANAGER_LABEL, managedBy())))
            .items()) {
      if (!isOurs(classes.find("", capacity.string("storageClassName")))) {
        delete(Meta.of(capacity).name());
      }
    }
  }

  private boolean isOurs(@Nullable Struct type) {
    return type != null && type.string("provisioner").equals(settings.driver());
  }

  private Outcome tell(ObjectKey key) throws InterruptedException {
    if (key.name().isEmpty()) {
      deleteStrays();
      return Outcome.DONE;
    }
    Struct type = classes.find(key);
    if (type == null || !isOurs(type)) {
      delete(nameOf(key.name()));
      return Outcome.DONE;
    }
    long available;
    try {
      available = available(type);
    } catch (GrpcException e) {
      return Outcome.RETRY;
    }
    put(key.name(), available);
    return Outcome.again(PERIOD);
  }

  private long available(Struct type) throws InterruptedException {
    try {
      ClassParameters parameters = ClassParameters.of(type);
      return driver
          .call(
              ControllerService.GET_CAPACITY,
              Csi.GetCapacityRequest.newBuilder()
                  .putAllParameters(parameters.driver())
                  .setAccessibleTopology(
                      Csi.Topology.newBuilder().putSegments(settings.topology(), settings.node()))
                  .build())
          .getAvailableCapacity();
    } catch (ProvisioningException e) {
      return 0; // nothing can be made of this class
    }
  }

  private void put(String type, long available) {
    String name = nameOf(type);
    Struct present = api.find(StorageResources.CAPACITIES, NAMESPACE, name);
    String amount = Quantity.ofBytes(available / (1L << 20) * (1L << 20)).toString();
    if (present == null) {
      api.create(StorageResources.CAPACITIES, capacity(name, type, amount));
      return;
    }
    Struct next = present;
    if (Meta.of(present).owners().isEmpty() && !owners().isEmpty()) { // the node came later
      next = next.withAt(owners(), "metadata", "ownerReferences");
    }
    long told = Quantity.from(present.get("capacity")).units();
    if (Math.abs(told - available) >= WORTH_TELLING) {
      next = next.with("capacity", amount).with("maximumVolumeSize", amount);
    }
    if (!next.equals(present)) {
      api.update(StorageResources.CAPACITIES, next);
    }
  }

  private Struct capacity(String name, String type, String amount) {
    Struct labels = Struct.of(DRIVER_LABEL, settings.driver(), MANAGER_LABEL, managedBy());
    StructBuilder metadata =
        new StructBuilder()
            .add("name", name)
            .add("namespace", NAMESPACE)
            .add("labels", labels)
            .addUnlessEmpty("ownerReferences", owners());
    return new StructBuilder()
        .add("metadata", metadata.build())
        .add("storageClassName", type)
        .add("capacity", amount)
        .add("maximumVolumeSize", amount)
        .add(
            "nodeTopology",
            Struct.of("matchLabels", Struct.of(settings.topology(), settings.node())))
        .build();
  }

  /// What is told of a node goes with it.
  private List<Struct> owners() {
    Struct node = api.find(ApiResource.NODES, "", settings.node());
    return node == null
        ? List.of()
        : List.of(
            new StructBuilder()
                .add("apiVersion", "v1")
                .add("kind", "Node")
                .add("name", settings.node())
                .add("uid", Meta.of(node).uid())
                .build());
  }

  private void delete(String name) {
    try {
      api.delete(StorageResources.CAPACITIES, NAMESPACE, name, DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    telling.close();
    classes.close();
    volumes.close();
  }
}
