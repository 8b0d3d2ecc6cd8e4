package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.PodResources;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods tolerate what their namespace lets them, and what it adds: upstream's plugin of the same
/// name.
public final class PodTolerationRestriction implements Admission {

  private static final String PREFIX = "scheduler.alpha.kubernetes.io/";

  private static final Struct MEMORY_PRESSURE =
      new StructBuilder()
          .add("key", "node.kubernetes.io/memory-pressure")
          .add("operator", "Exists")
          .add("effect", "NoSchedule")
          .build();

  private final Lookup lookup;
  private final Struct configuration;

  /// @param configuration what counts in namespaces that say nothing
  public PodTolerationRestriction(Lookup lookup, Struct configuration) {
    this.lookup = lookup;
    this.configuration = configuration;
  }

  private static boolean isBound(Request request) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    return writes && request.isOn("", "pods");
  }

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    if (!isBound(request)) {
      return pod;
    }
    List<Struct> extra = new ArrayList<>();
    if (request.operation() == Operation.CREATE) {
      List<Struct> ofNamespace = listed(request, "defaultTolerations");
      extra.addAll(ofNamespace == null ? configuration.structs("default") : ofNamespace);
    }
    if (!PodResources.qosClass(pod.struct("spec")).equals("BestEffort")) {
      extra.add(MEMORY_PRESSURE);
    }
    Struct next =
        extra.isEmpty()
            ? pod
            : pod.withAt(
                PodTolerations.merged(pod.structs("spec", "tolerations"), extra),
                "spec",
                "tolerations");
    validate(request, next, old);
    return next;
  }

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    List<Struct> tolerations = pod.structs("spec", "tolerations");
    if (!isBound(request) || tolerations.isEmpty()) {
      return;
    }
    List<Struct> ofNamespace = listed(request, "tolerationsWhitelist");
    List<Struct> allowed = ofNamespace == null ? configuration.structs("whitelist") : ofNamespace;
    if (!allowed.isEmpty() && !PodTolerations.areCovered(tolerations, allowed)) {
      throw ApiException.of(
          Reason.UNKNOWN,
          "pod tolerations (possibly merged with namespace default tolerations) conflict with its "
              + (ofNamespace == null ? "cluster" : "namespace")
              + " whitelist");
    }
  }

  /// The tolerations that a namespace lists; null if it says nothing.
  private @Nullable List<Struct> listed(Request request, String name) {
    Struct namespace = lookup.find("", "namespaces", "", request.namespace());
    if (namespace == null) {
      throw ApiException.notFound("namespaces", request.namespace());
    }
    Struct annotations = Meta.of(namespace).annotations();
    if (annotations.get(PREFIX + name) == null) {
      return null;
    }
    String text = annotations.string(PREFIX + name);
    return text.isEmpty() ? List.of() : Json.struct("{\"all\":" + text + "}").structs("all");
  }
}
