package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Subresource;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.ManagedFields;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;

/// `namespaces/finalize`: changes the finalizers in a namespace's spec, which end its life when
/// they are gone.
public final class FinalizeSubresource implements Subresource {

  @Override
  public Struct decode(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    return Decoding.object(call, tree, target.endpoint().served(), findings);
  }

  @Override
  public Struct update(Call call, Target target, Change change) {
    return target
        .endpoint()
        .registry()
        .updateSubresource(
            call,
            target.namespace(),
            target.name(),
            "finalize",
            Change.ofPart(change, FinalizeSubresource::taken))
        .object();
  }

  private static Struct taken(Struct present, Struct wanted) {
    Object finalizers = wanted.get("spec", "finalizers");
    Struct next =
        finalizers == null
            ? present.withoutAt("spec", "finalizers")
            : present.withAt(finalizers, "spec", "finalizers");
    return ManagedFields.ofState(next, wanted);
  }
}
