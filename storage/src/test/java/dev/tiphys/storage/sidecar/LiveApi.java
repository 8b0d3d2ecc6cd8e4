package dev.tiphys.storage.sidecar;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.NewCluster;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;

/// An API server in the process, on virtual time, with a class of the driver's.
public final class LiveApi implements AutoCloseable {

  private static final NewCluster NEW =
      new NewCluster(
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"),
          new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1"));

  public final VirtualWorld world;
  public final Api api;
  private final ApiServer server;

  public LiveApi(long seed) {
    world = new VirtualWorld(seed);
    server = NEW.start(world);
    api = server.api("tester");
  }

  /// The API with the rights that helpers have in a cluster.
  public Api of(String part) {
    return server.api(UserInfo.of("system:tiphys:storage", UserInfo.AUTHENTICATED), part, part);
  }

  public void settle() {
    world.settle();
  }

  public void advance(Duration span) {
    world.advance(span);
    world.settle();
  }

  public void storageClass(String name, String mode, String more) {
    api.create(
        StorageResources.CLASSES,
        Yaml.struct(
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: %s}
            provisioner: local.tiphys.dev
            volumeBindingMode: %s
            allowVolumeExpansion: true
            %s
            """
                .formatted(name, mode, more)));
  }

  /// A class of attributes with one parameter.
  public void attributesClass(String name, String driver, String parameter, String value) {
    api.create(
        StorageResources.ATTRIBUTES_CLASSES,
        Yaml.struct(
            """
            apiVersion: storage.k8s.io/v1
            kind: VolumeAttributesClass
            metadata: {name: %s}
            driverName: %s
            parameters: {%s: "%s"}
            """
                .formatted(name, driver, parameter, value)));
  }

  /// A claim that is handed over to the driver's provisioner.
  public Struct claim(String name, String type, String size, String node, String more) {
    String selected = node.isEmpty() ? "" : ", volume.kubernetes.io/selected-node: " + node;
    return api.create(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        Yaml.struct(
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: %s
              namespace: default
              annotations: {volume.kubernetes.io/storage-provisioner: local.tiphys.dev%s}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: %s
              resources: {requests: {storage: %s}}
              %s
            """
                .formatted(name, selected, type, size, more)));
  }

  public Struct claim(String name) {
    return api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", name);
  }

  /// Binds a claim to the volume that was made for it, as the binder does.
  public Struct bind(String name) {
    Struct claim = claim(name);
    String volume = "pvc-" + claim.string("metadata", "uid");
    Struct bound =
        api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.withAt(volume, "spec", "volumeName"));
    Struct made = api.get(ApiResource.PERSISTENT_VOLUMES, "", volume);
    api.update(ApiResource.PERSISTENT_VOLUMES, made.withAt("Bound", "status", "phase"), "status");
    Struct status = Struct.of("phase", "Bound", "capacity", made.struct("spec", "capacity"));
    if (made.has("spec", "volumeAttributesClassName")) {
      status =
          status.with(
              "currentVolumeAttributesClassName", made.string("spec", "volumeAttributesClassName"));
    }
    return api.update(ApiResource.PERSISTENT_VOLUME_CLAIMS, bound.with("status", status), "status");
  }

  public List<String> events(String name) {
    advance(Duration.ofSeconds(1));
    return api.list(ApiResource.EVENTS, "", ListOptions.ALL).items().stream()
        .filter(event -> event.string("involvedObject", "name").equals(name))
        .map(event -> event.string("reason") + " " + event.string("message"))
        .toList();
  }

  @Override
  public void close() {
    settle();
    server.close();
  }
}
