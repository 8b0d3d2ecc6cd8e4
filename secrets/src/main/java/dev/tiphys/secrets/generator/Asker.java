package dev.tiphys.secrets.generator;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.world.World;

/// The object that values are made for.
///
/// @param object as it was then
public record Asker(World world, Api api, Struct object) {

  private static final String FORCE = "external-secrets.io/force-sync";

  /// What objects of a kind are, of those that values are made for.
  static ApiResource resource(String kind) {
    return kind.equals(SecretsResources.PUSH_SECRETS.kind())
        ? SecretsResources.PUSH_SECRETS
        : SecretsResources.EXTERNAL_SECRETS;
  }

  private Meta meta() {
    return Meta.of(object);
  }

  /// Has it ask again: what was made for it comes to an end.
  ///
  /// @return whether that is done, or needed no more since it is gone
  public boolean askAgain() {
    Struct annotations = Struct.of(FORCE, world.now().toString());
    try {
      Struct _ =
          api.patch(
              resource(object.string("kind")),
              meta().namespace(),
              meta().name(),
              "",
              PatchType.MERGE,
              Struct.of("metadata", Struct.of("annotations", annotations)));
      return true;
    } catch (ApiException e) {
      return e.is(Reason.NOT_FOUND);
    }
  }
}
