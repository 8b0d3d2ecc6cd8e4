package dev.tiphys.apiserver.advice;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.PluginServer;
import dev.tiphys.apiserver.advice.manifest.Present;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.patch.MergePatch;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A manifest, what there is beside it, and the advice that its writer is given.
///
/// @param given what exists
/// @param write what is written
/// @param change how it is changed two minutes later, if it is; then that is what advice is about
record AdviceCase(
    String rule,
    String name,
    List<Struct> given,
    Struct write,
    Struct change,
    List<String> advice) {

  static AdviceCase of(Struct text) {
    return new AdviceCase(
        text.string("rule"),
        text.string("case"),
        text.structs("given").stream().map(ShortManifest::expanded).toList(),
        ShortManifest.expanded(text.struct("write")),
        text.struct("change"),
        text.strings("advice"));
  }

  String resource() {
    return known(write.string("kind")).groupResource();
  }

  /// What the rule says of it.
  List<String> played(PluginServer server) {
    List<Struct> made = new ArrayList<>();
    server.create(ApiResource.NAMESPACES, "{'metadata':{'name':'" + namespace() + "'}}");
    try {
      given.forEach(each -> made.add(create(server, each)));
      Struct written = create(server, write);
      made.add(written);
      if (change.isEmpty()) {
        return heard(server, written, null);
      }
      server.world.advance(Duration.ofMinutes(2));
      Struct wanted = MergePatch.apply(written, change);
      return heard(server, server.api.update(served(known(write.string("kind"))), wanted), written);
    } finally {
      made.reversed().forEach(each -> delete(server, each));
    }
  }

  private String namespace() {
    return "n" + Integer.toHexString((rule + name).hashCode());
  }

  private static void delete(PluginServer server, Struct object) {
    ApiResource resource = served(known(object.string("kind")));
    server.api.delete(
        resource,
        object.string("metadata", "namespace"),
        object.string("metadata", "name"),
        DeleteOptions.withGrace(0));
  }

  private Struct create(PluginServer server, Struct object) {
    Resource resource = known(object.string("kind"));
    Struct placed =
        resource.namespaced() ? object.withAt(namespace(), "metadata", "namespace") : object;
    return server.api.create(served(resource), placed);
  }

  private static List<String> heard(PluginServer server, Struct object, @Nullable Struct old) {
    Resource resource = known(object.string("kind"));
    Call call = new Call(UserInfo.of("ann"), "kubectl", 0, false);
    Admission.Request request =
        new Admission.Request(
            call,
            old == null ? Operation.CREATE : Operation.UPDATE,
            resource,
            "",
            object.string("metadata", "namespace"),
            object.string("metadata", "name"));
    new Advice(server.world, present(server)).validate(request, object, old);
    return call.warnings();
  }

  private static Present present(PluginServer server) {
    return new Present() {
      @Override
      public @Nullable Struct find(String group, String plural, String namespace, String name) {
        return first(group, plural, namespace, 1000).stream()
            .filter(each -> each.string("metadata", "name").equals(name))
            .findFirst()
            .orElse(null);
      }

      @Override
      public List<Struct> first(String group, String plural, String namespace, int most) {
        Resource resource =
            ResourceTable.builtIn().stream()
                .filter(each -> each.plural().equals(plural) && each.group().equals(group))
                .filter(AdviceCase::isStored)
                .findFirst()
                .orElseThrow();
        List<Struct> all = server.api.list(served(resource), namespace, ListOptions.ALL).items();
        return all.subList(0, Math.min(most, all.size()));
      }

      @Override
      public List<Resource> resources() {
        return ResourceTable.builtIn();
      }
    };
  }

  static Resource known(String kind) {
    return ResourceTable.builtIn().stream()
        .filter(each -> each.kind().equals(kind) && isStored(each))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isStored(Resource resource) {
    Resource.Storage storage = resource.storage();
    return storage != null && storage.groupVersion().equals(resource.groupVersion());
  }

  static ApiResource served(Resource resource) {
    return new ApiResource(
        resource.groupVersion(), resource.plural(), resource.kind(), resource.namespaced());
  }
}
