package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Patch;
import dev.tiphys.apiserver.endpoints.Patches;
import dev.tiphys.apiserver.endpoints.Subresource;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.ManagedFields;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.function.BinaryOperator;

/// A subresource that shows the whole object and takes a part of it: `pods/ephemeralcontainers`,
/// `pods/resize`, `certificatesigningrequests/approval`.
public final class PartSubresource implements Subresource {

  private final String name;
  private final BinaryOperator<Struct> take;

  /// @param name of the subresource
  /// @param take the present object with the part of the wanted one that may be written
  public PartSubresource(String name, BinaryOperator<Struct> take) {
    this.name = name;
    this.take = take;
  }

  /// Containers that are added to a running Pod.
  public static PartSubresource ephemeralContainers() {
    return new PartSubresource(
        "ephemeralcontainers",
        (present, wanted) -> taken(present, wanted, "spec", "ephemeralContainers"));
  }

  /// What the containers of a running Pod may use.
  public static PartSubresource resize() {
    return new PartSubresource("resize", PodResize::taken);
  }

  /// Whether a certificate is to be issued; labels and annotations come along.
  public static PartSubresource approval(World world) {
    return new PartSubresource(
        "approval",
        (present, wanted) ->
            SigningConditions.withTimes(
                taken(present, wanted, "status", "conditions")
                    .with("metadata", wanted.struct("metadata")),
                present,
                world.now()));
  }

  private static Struct taken(Struct present, Struct wanted, String... path) {
    Object value = wanted.get(path);
    return value == null ? present.withoutAt(path) : present.withAt(value, path);
  }

  @Override
  public Struct read(Call call, Target target) {
    Endpoint endpoint = target.endpoint();
    return endpoint.present(endpoint.registry().get(target.namespace(), target.name()));
  }

  @Override
  public Struct decode(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    return Decoding.object(call, tree, target.endpoint().served(), findings);
  }

  @Override
  public Struct update(Call call, Target target, Change change) {
    Endpoint endpoint = target.endpoint();
    return endpoint.present(
        endpoint
            .registry()
            .updateSubresource(
                call,
                target.namespace(),
                target.name(),
                name,
                Change.ofPart(
                    change,
                    (present, wanted) ->
                        ManagedFields.ofState(take.apply(present, wanted), wanted))));
  }

  @Override
  public Struct patched(Call call, Target target, Struct present, Patch patch) {
    return Patches.apply(call, target.endpoint(), present, patch);
  }
}
