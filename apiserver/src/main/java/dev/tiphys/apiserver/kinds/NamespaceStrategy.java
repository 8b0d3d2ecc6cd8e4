package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Namespaces: they stay until the namespace controller has emptied them and takes the finalizer in
/// their spec away.
final class NamespaceStrategy implements Strategy {

  private static final String FINALIZER = "kubernetes";

  @Override
  public Struct prepareForCreate(Call call, Struct namespace) {
    List<String> finalizers = namespace.struct("spec").strings("finalizers");
    Struct prepared = namespace.with("status", Struct.of("phase", "Active"));
    if (finalizers.contains(FINALIZER)) {
      return prepared;
    }
    List<Object> more = new ArrayList<>(finalizers);
    more.add(FINALIZER);
    return prepared.withAt(List.copyOf(more), "spec", "finalizers");
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct namespace, Struct old) {
    Object finalizers = old.get("spec", "finalizers");
    return finalizers == null
        ? namespace.withoutAt("spec", "finalizers")
        : namespace.withAt(finalizers, "spec", "finalizers");
  }

  @Override
  public Struct terminating(Struct namespace) {
    return namespace
        .withoutAt("metadata", "deletionGracePeriodSeconds")
        .withAt("Terminating", "status", "phase");
  }
}
