package dev.tiphys.controllers.disruption;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ServedResource;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many Pods the controllers of some Pods want together.
///
/// Those of upstream are looked up in copies; for others the API is asked for their scale.
final class PodScales {

  private final Api api;
  private final Informer replicaSets;
  private final Informer deployments;
  private final Informer statefulSets;
  private final Informer replicationControllers;

  PodScales(Api api, ClusterView cluster) {
    this.api = api;
    this.replicaSets = cluster.of(ApiResource.REPLICA_SETS);
    this.deployments = cluster.of(ApiResource.DEPLOYMENTS);
    this.statefulSets = cluster.of(ApiResource.STATEFUL_SETS);
    this.replicationControllers = cluster.of(ApiResource.REPLICATION_CONTROLLERS);
  }

  /// @param pods how many they want
  /// @param unmanaged Pods without a controller, which are not counted
  record Scale(long pods, List<String> unmanaged) {
    Scale {
      unmanaged = List.copyOf(unmanaged);
    }
  }

  /// Why the scale of a Pod's controller is not known.
  static final class Unknown extends Exception {
    private static final long serialVersionUID = 1;

    Unknown(String message) {
      super(message);
    }
  }

  private record Owner(String uid, long replicas) {}

  /// @throws Unknown if a controller has no scale, or does not exist
  Scale of(List<Struct> pods) throws Unknown {
    Map<String, Owner> byReference = new HashMap<>();
    Map<String, Long> byOwner = new HashMap<>();
    List<String> unmanaged = new ArrayList<>();
    for (Struct pod : pods) {
      Meta meta = Meta.of(pod);
      Struct reference = meta.controller();
      if (reference == null) {
        unmanaged.add(meta.name());
        continue;
      }
      Owner owner = byReference.get(reference.string("uid"));
      if (owner == null) {
        owner = ownerOf(meta.namespace(), reference);
        if (owner == null) {
          throw new Unknown("found no controllers for pod \"" + meta.name() + "\"");
        }
        byReference.put(reference.string("uid"), owner);
      }
      byOwner.put(owner.uid, owner.replicas);
    }
    return new Scale(byOwner.values().stream().mapToLong(Long::longValue).sum(), unmanaged);
  }

  private @Nullable Owner ownerOf(String namespace, Struct reference) throws Unknown {
    String version = reference.string("apiVersion");
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    return switch (group + "/" + reference.string("kind")) {
      case "apps/ReplicaSet", "extensions/ReplicaSet" -> ofReplicaSet(namespace, reference);
      case "apps/StatefulSet" -> owner(statefulSets, namespace, reference);
      case "/ReplicationController" -> owner(replicationControllers, namespace, reference);
      default -> ofScale(namespace, group, reference);
    };
  }

  /// A ReplicaSet of a Deployment counts as what its Deployment wants.
  private @Nullable Owner ofReplicaSet(String namespace, Struct reference) {
    Struct set = find(replicaSets, namespace, reference);
    if (set == null) {
      return null;
    }
    Struct controller = Meta.of(set).controller();
    return controller != null && controller.string("kind").equals("Deployment")
        ? owner(deployments, namespace, controller)
        : ownerOf(set);
  }

  private static @Nullable Owner owner(Informer informer, String namespace, Struct reference) {
    Struct found = find(informer, namespace, reference);
    return found == null ? null : ownerOf(found);
  }

  private static Owner ownerOf(Struct object) {
    long replicas = object.has("spec", "replicas") ? object.integer("spec", "replicas") : 1;
    return new Owner(Meta.of(object).uid(), replicas);
  }

  private static @Nullable Struct find(Informer informer, String namespace, Struct reference) {
    Struct found = informer.find(namespace, reference.string("name"));
    return found != null && Meta.of(found).uid().equals(reference.string("uid")) ? found : null;
  }

  private @Nullable Owner ofScale(String namespace, String group, Struct reference) throws Unknown {
    ApiResource resource = resource(group, reference);
    String name = reference.string("name");
    try {
      Struct scale = api.get(resource, namespace, name, "scale");
      return Meta.of(scale).uid().equals(reference.string("uid"))
          ? new Owner(Meta.of(scale).uid(), scale.integer("spec", "replicas"))
          : null;
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
    if (api.find(resource, namespace, name) != null) {
      throw new Unknown(resource + " does not implement the scale subresource");
    }
    return null;
  }

  private ApiResource resource(String group, Struct reference) throws Unknown {
    String kind = reference.string("kind");
    for (ServedResource served : api.discover().known()) {
      ApiResource resource = served.resource();
      if (resource.kind().equals(kind) && resource.groupVersion().group().equals(group)) {
        return resource;
      }
    }
    throw new Unknown(
        "no matches for kind \"%s\" in version \"%s\""
            .formatted(kind, reference.string("apiVersion")));
  }
}
