package dev.tiphys.preview;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.ServedResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.TreeDiff;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is to be applied to a fork, or deleted from it, as `kubectl apply` and `kubectl delete` do.
///
/// What was applied before and is not any more is removed: objects that `kubectl apply` has made
/// remember in an annotation what was applied, others by the owners of their fields.
final class Changes {

  /// The manager of fields by which `kubectl apply --server-side` goes.
  static final String MANAGER = "kubectl";

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /// What no writer of an object decides.
  private static final Set<String> NOT_COMPARED =
      Set.of("managedFields", "resourceVersion", "generation");

  private final Fork fork;
  private final String namespace;
  private final List<Struct> applied = new ArrayList<>();
  private final List<Struct> refused = new ArrayList<>();

  /// @param namespace where objects live that do not say it
  Changes(Fork fork, String namespace) {
    this.fork = fork;
    this.namespace = namespace;
  }

  /// What became of the objects: `resource`, `namespace`, `name`, `result` and `changes`, the paths
  /// of the fields that are others now.
  List<Struct> applied() {
    return List.copyOf(applied);
  }

  /// The objects that the API refused: `resource`, `namespace`, `name` and `message`.
  List<Struct> refused() {
    return List.copyOf(refused);
  }

  /// Lets objects that were applied by annotation remember it by owners, before anything looks at
  /// them: their fields are applied again as they were, and then everything but the record of who
  /// owns what is put back.
  void prepare(List<Struct> manifests) {
    Api api = fork.api();
    for (Struct manifest : manifests) {
      Optional<ApiResource> resource = resource(api, manifest);
      if (resource.isPresent()) {
        prepare(resource.get(), place(resource.get(), manifest));
      }
    }
  }

  private void prepare(ApiResource resource, Struct manifest) {
    Struct present = find(fork.api(), resource, manifest);
    String last = present.string("metadata", "annotations", LAST_APPLIED);
    if (last.isEmpty()) {
      return;
    }
    try {
      Struct before = place(resource, Json.struct(last));
      Struct owned = apply(fork.callersApi(MANAGER), resource, before);
      List<Struct> owners =
          owned.structs("metadata", "managedFields").stream()
              .filter(
                  entry ->
                      !entry.string("subresource").isEmpty()
                          || (entry.string("manager").equals(MANAGER)
                              && entry.string("operation").equals("Apply")))
              .toList();
      fork.plant(resource, present.withAt(owners, "metadata", "managedFields"));
    } catch (ApiException | EncodingException e) {
      // What was applied then would not be taken today: nothing is removed by it.
      fork.plant(resource, present);
    }
  }

  /// Applies objects, in their order.
  void apply(List<Struct> manifests) {
    Api api = fork.callersApi(MANAGER);
    for (Struct manifest : manifests) {
      Optional<ApiResource> known = resource(fork.api(), manifest);
      if (known.isEmpty()) {
        refuse(noSuchKind(manifest), manifest);
        continue;
      }
      ApiResource resource = known.get();
      Struct placed = place(resource, manifest);
      try {
        Struct before = find(fork.api(), resource, placed);
        Struct after =
            placed.string("metadata", "name").isEmpty()
                ? api.create(resource, placed)
                : apply(api, resource, placed);
        List<String> changes = before.isEmpty() ? List.of() : changes(before, after);
        String result =
            before.isEmpty() ? "created" : changes.isEmpty() ? "unchanged" : "configured";
        applied.add(entry(resource, after).add("result", result).add("changes", changes).build());
      } catch (ApiException e) {
        refuse(e.message(), placed);
      }
      if (resource.equals(ApiResource.CUSTOM_RESOURCE_DEFINITIONS)) {
        fork.world().settle(); // what it defines may be next
      }
    }
  }

  /// Deletes objects, in their order.
  void delete(List<Struct> manifests) {
    Api api = fork.callersApi(MANAGER);
    for (Struct manifest : manifests) {
      Optional<ApiResource> known = resource(fork.api(), manifest);
      if (known.isEmpty()) {
        refuse(noSuchKind(manifest), manifest);
        continue;
      }
      Struct placed = place(known.get(), manifest);
      Struct metadata = placed.struct("metadata");
      try {
        api.delete(
            known.get(),
            metadata.string("namespace"),
            metadata.string("name"),
            DeleteOptions.DEFAULT);
        applied.add(
            entry(known.get(), placed).add("result", "deleted").add("changes", List.of()).build());
      } catch (ApiException e) {
        refuse(e.message(), placed);
      }
    }
  }

  private static Struct apply(Api api, ApiResource resource, Struct manifest) {
    Struct metadata = manifest.struct("metadata");
    return api.patch(
        resource,
        metadata.string("namespace"),
        metadata.string("name"),
        "",
        PatchType.APPLY,
        manifest.withoutAt("metadata", "managedFields").withoutAt("metadata", "resourceVersion"));
  }

  private static Struct find(Api api, ApiResource resource, Struct manifest) {
    Struct metadata = manifest.struct("metadata");
    String name = metadata.string("name");
    Struct found = name.isEmpty() ? null : api.find(resource, metadata.string("namespace"), name);
    return found == null ? Struct.EMPTY : found;
  }

  private static List<String> changes(Struct before, Struct after) {
    return TreeDiff.between(compared(before), compared(after)).stream()
        .map(TreeDiff.Difference::path)
        .toList();
  }

  private static Struct compared(Struct object) {
    Struct result = object.withoutAt("metadata", "annotations", LAST_APPLIED);
    for (String field : NOT_COMPARED) {
      result = result.withoutAt("metadata", field);
    }
    return result;
  }

  private void refuse(String message, Struct manifest) {
    refused.add(
        new StructBuilder()
            .add("kind", manifest.string("kind"))
            .addUnlessEmpty("namespace", manifest.string("metadata", "namespace"))
            .add("name", manifest.string("metadata", "name"))
            .add("message", message)
            .build());
  }

  private static String noSuchKind(Struct manifest) {
    return "no matches for kind \"%s\" in version \"%s\""
        .formatted(manifest.string("kind"), manifest.string("apiVersion"));
  }

  private static StructBuilder entry(ApiResource resource, Struct object) {
    return new StructBuilder()
        .add("resource", resource.toString())
        .addUnlessEmpty("namespace", object.string("metadata", "namespace"))
        .add("name", object.string("metadata", "name"));
  }

  private static Optional<ApiResource> resource(Api api, Struct manifest) {
    GroupVersion version = GroupVersion.parse(manifest.string("apiVersion"));
    String kind = manifest.string("kind");
    return api.discover().known().stream()
        .map(ServedResource::resource)
        .filter(each -> each.kind().equals(kind))
        .filter(each -> each.groupVersion().group().equals(version.group()))
        .findFirst()
        .map(each -> new ApiResource(version, each.plural(), kind, each.namespaced()));
  }

  private Struct place(ApiResource resource, Struct manifest) {
    return resource.namespaced() && manifest.string("metadata", "namespace").isEmpty()
        ? manifest.withAt(namespace, "metadata", "namespace")
        : manifest;
  }
}
