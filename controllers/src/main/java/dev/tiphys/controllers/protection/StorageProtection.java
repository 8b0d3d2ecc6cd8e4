package dev.tiphys.controllers.protection;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.PodVolumes;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// Which controllers protect storage, and what uses what.
public final class StorageProtection {

  /// The controller that protects claims.
  public static final String CLAIMS = "pvc-protection-controller";

  /// The controller that protects volumes.
  public static final String VOLUMES = "pv-protection-controller";

  /// The controller that protects classes of volumes.
  public static final String CLASSES = "volumeattributesclass-protection-controller";

  private static final ApiResource VOLUME_CLASSES =
      new ApiResource(
          new GroupVersion("storage.k8s.io", "v1"),
          "volumeattributesclasses",
          "VolumeAttributesClass",
          false);

  private StorageProtection() {}

  /// Claims are used by Pods on nodes.
  public static Component ofClaims(World world, Api api, ClusterView cluster) {
    ProtectionController controller =
        new ProtectionController(
            CLAIMS,
            world,
            api,
            cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS),
            "kubernetes.io/pvc-protection",
            claim -> isUsed(api, claim));
    cluster
        .of(ApiResource.PODS)
        .listen(
            new Informer.Listener() {
              @Override
              public void updated(Struct before, Struct now) {
                if (isShutDown(now) != isShutDown(before)) {
                  deleted(now);
                }
              }

              @Override
              public void deleted(Struct last) {
                long cause = Meta.of(last).revision();
                PodVolumes.claims(last).forEach(claim -> controller.released(claim, cause));
              }
            });
    return controller;
  }

  /// Asked of the server: of a Pod that was just put on a node an informer may not know yet.
  private static boolean isUsed(Api api, Struct claim) {
    return api.list(ApiResource.PODS, Meta.of(claim).namespace(), ListOptions.ALL).items().stream()
        .anyMatch(pod -> uses(pod, claim));
  }

  private static boolean uses(Struct pod, Struct claim) {
    String name = Meta.of(claim).name();
    boolean placed = !pod.string("spec", "nodeName").isEmpty();
    return placed
        && pod.structs("spec", "volumes").stream()
            .filter(volume -> PodVolumes.claimName(pod, volume).equals(name))
            .anyMatch(
                volume ->
                    volume.has("persistentVolumeClaim")
                        || (!isShutDown(pod) && Meta.of(claim).isControlledBy(Meta.of(pod).uid())));
  }

  /// Whether a Pod only waits to be forgotten: its volumes are free.
  private static boolean isShutDown(Struct pod) {
    return Meta.of(pod).isBeingDeleted()
        && pod.has("metadata", "deletionGracePeriodSeconds")
        && pod.integer("metadata", "deletionGracePeriodSeconds") == 0;
  }

  /// Volumes are used by the claims that they are bound to.
  public static Component ofVolumes(World world, Api api, ClusterView cluster) {
    Informer volumes = cluster.of(ApiResource.PERSISTENT_VOLUMES);
    ProtectionController controller =
        new ProtectionController(
            VOLUMES,
            world,
            api,
            volumes,
            "kubernetes.io/pv-protection",
            volume -> volume.string("status", "phase").equals("Bound"));
    return controller;
  }

  /// Classes are used by claims and volumes that have them, want them or are about to have them.
  public static Component ofClasses(World world, Api api, ClusterView cluster) {
    Informer claims = cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS);
    Informer volumes = cluster.of(ApiResource.PERSISTENT_VOLUMES);
    ProtectionController controller =
        new ProtectionController(
            CLASSES,
            world,
            api,
            cluster.of(VOLUME_CLASSES),
            "kubernetes.io/vac-protection",
            type -> {
              String name = Meta.of(type).name();
              return claims.list().stream().anyMatch(claim -> classes(claim).contains(name))
                  || volumes.list().stream().anyMatch(volume -> classes(volume).contains(name));
            });
    Informer.Listener releasing =
        new Informer.Listener() {
          @Override
          public void updated(Struct before, Struct now) {
            if (!classes(before).equals(classes(now))) {
              deleted(before);
            }
          }

          @Override
          public void deleted(Struct last) {
            classes(last)
                .forEach(
                    name -> controller.released(new ObjectKey("", name), Meta.of(last).revision()));
          }
        };
    claims.listen(releasing);
    volumes.listen(releasing);
    return controller;
  }

  private static List<String> classes(Struct user) {
    List<String> names = new ArrayList<>();
    names.add(user.string("spec", "volumeAttributesClassName"));
    names.add(user.string("status", "currentVolumeAttributesClassName"));
    names.add(user.string("status", "modifyVolumeStatus", "targetVolumeAttributesClassName"));
    names.removeIf(String::isEmpty);
    return names;
  }
}
