package dev.tiphys.preview;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.ServedResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The objects of a cluster, as far as one caller may read them.
///
/// Each kind is read as it is at one moment, different kinds at slightly different ones.
///
/// @param objects by their resources; those of definitions of custom resources come first
/// @param unreadable the resources that the caller may not list
/// @param user who the caller is, as the API server has it; empty if it does not tell
public record ClusterCopy(
    Map<ApiResource, List<Struct>> objects, List<ApiResource> unreadable, Struct user) {

  private static final ApiResource SELF =
      new ApiResource(
          GroupVersion.parse("authentication.k8s.io/v1"),
          "selfsubjectreviews",
          "SelfSubjectReview",
          false);

  private static final List<ApiResource> NEEDED =
      List.of(ApiResource.NAMESPACES, ApiResource.NODES, ApiResource.PODS);

  private static final long PAGE = 500;

  /// What no decision depends on, or what says how one API server works inside.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "events",
          "componentstatuses",
          "apiservices.apiregistration.k8s.io",
          "events.events.k8s.io",
          "flowschemas.flowcontrol.apiserver.k8s.io",
          "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
          "leases.coordination.k8s.io",
          "leasecandidates.coordination.k8s.io",
          "storageversions.internal.apiserver.k8s.io");

  /// Reads a cluster.
  ///
  /// @throws ApiException if the API server can't be reached
  public static ClusterCopy of(Api api) {
    Map<ApiResource, List<Struct>> objects = new LinkedHashMap<>();
    objects.put(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, List.of()); // before what they define
    List<ApiResource> unreadable = new ArrayList<>();
    for (ServedResource served : api.discover().known()) {
      ApiResource resource = served.resource();
      if (served.verbs().contains("list") && !LEFT_OUT.contains(resource.toString())) {
        try {
          objects.put(resource, list(api, resource));
        } catch (ApiException e) {
          if (e.is(Reason.SERVICE_UNAVAILABLE)) {
            throw e;
          }
          unreadable.add(resource);
        }
      }
    }
    return new ClusterCopy(objects, unreadable, user(api));
  }

  private static List<Struct> list(Api api, ApiResource resource) {
    List<Struct> found = new ArrayList<>();
    ListOptions options = ListOptions.ALL.inPagesOf(PAGE);
    while (true) {
      ObjectList page = api.list(resource, "", options);
      found.addAll(page.items());
      if (page.continueToken().isEmpty()) {
        return found;
      }
      options = options.after(page.continueToken());
    }
  }

  private static Struct user(Api api) {
    Struct review = Struct.of("apiVersion", SELF.apiVersion(), "kind", SELF.kind());
    try {
      return api.create(SELF, review).struct("status", "userInfo");
    } catch (ApiException e) {
      return Struct.EMPTY;
    }
  }

  /// The objects of a resource, in whatever version they were read.
  List<Struct> of(ApiResource resource) {
    return objects.entrySet().stream()
        .filter(entry -> same(entry.getKey(), resource))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /// Whether a resource could be read.
  boolean knows(ApiResource resource) {
    return unreadable.stream().noneMatch(each -> same(each, resource));
  }

  /// What can't be done without, of what could not be read: no Pod could be placed.
  public List<ApiResource> lacking() {
    return unreadable.stream()
        .filter(each -> NEEDED.stream().anyMatch(needed -> same(each, needed)))
        .toList();
  }

  /// One object; null if there is none.
  @Nullable Struct find(ApiResource resource, String namespace, String name) {
    return of(resource).stream()
        .filter(
            object ->
                object.string("metadata", "name").equals(name)
                    && object.string("metadata", "namespace").equals(namespace))
        .findFirst()
        .orElse(null);
  }

  private static boolean same(ApiResource one, ApiResource other) {
    return one.toString().equals(other.toString());
  }
}
