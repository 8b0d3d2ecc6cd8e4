package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import org.jspecify.annotations.Nullable;

/// Pods run on the nodes that their namespace is for: upstream's plugin of the same name.
public final class PodNodeSelector implements Admission {

  private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";

  private final Lookup lookup;
  private final Struct selectors;

  /// @param configuration the selectors of namespaces, and of those that state none
  public PodNodeSelector(Lookup lookup, Struct configuration) {
    this.lookup = lookup;
    this.selectors = configuration.struct("podNodeSelectorPluginConfig");
  }

  private static boolean isBound(Request request) {
    return request.operation() == Operation.CREATE && request.isOn("", "pods");
  }

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    if (!isBound(request)) {
      return pod;
    }
    Struct own = pod.struct("spec", "nodeSelector");
    Struct wanted = selector(request);
    checkConflict(request, pod, wanted);
    Struct merged = StructBuilder.from(wanted).addAll(own).build();
    Struct next = merged.isEmpty() ? pod : pod.withAt(merged, "spec", "nodeSelector");
    validate(request, next, old);
    return next;
  }

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    if (!isBound(request)) {
      return;
    }
    checkConflict(request, pod, selector(request));
    Struct allowed = parsed(selectors.string(request.namespace()));
    if (!allowed.isEmpty()) {
      pod.struct("spec", "nodeSelector")
          .forEach(
              (key, value) -> {
                if (!value.equals(allowed.get(key))) {
                  throw request.forbidden(
                      pod, "pod node label selector labels conflict with its namespace whitelist");
                }
              });
    }
  }

  private static void checkConflict(Request request, Struct pod, Struct wanted) {
    Struct own = pod.struct("spec", "nodeSelector");
    wanted.forEach(
        (key, value) -> {
          Object present = own.get(key);
          if (present != null && !present.equals(value)) {
            throw request.forbidden(
                pod, "pod node label selector conflicts with its namespace node label selector");
          }
        });
  }

  /// The labels that nodes for a namespace have.
  private Struct selector(Request request) {
    Struct namespace = lookup.find("", "namespaces", "", request.namespace());
    if (namespace == null) {
      throw ApiException.notFound("namespaces", request.namespace());
    }
    Struct annotations = Meta.of(namespace).annotations();
    return parsed(
        annotations.get(ANNOTATION) == null
            ? selectors.string("clusterDefaultNodeSelector")
            : annotations.string(ANNOTATION));
  }

  private static Struct parsed(String selector) {
    StructBuilder labels = new StructBuilder();
    for (String label : selector.split(",")) {
      int equals = label.indexOf('=');
      if (!label.isBlank() && equals < 0) {
        throw ApiException.of(Reason.UNKNOWN, "invalid selector: [" + label + "]");
      }
      if (equals > 0) {
        labels.add(label.substring(0, equals).strip(), label.substring(equals + 1).strip());
      }
    }
    return labels.build();
  }
}
