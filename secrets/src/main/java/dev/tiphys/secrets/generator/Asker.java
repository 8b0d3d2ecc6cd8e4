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

  private ApiResource resource() {
    return object.string("kind").equals(SecretsResources.PUSH_SECRETS.kind())
        ? SecretsResources.PUSH_SECRETS
        : SecretsResources.EXTERNAL_SECRETS;
  }

  private Meta meta() {
    return Meta.of(object);
  }

  /// What tells it from all others, and from others of its name.
  public String id() {
    return meta().uid();
  }

  /// Whether it is there still. True if that cannot be told.
  public boolean isThere() {
    try {
      Struct found = api.find(resource(), meta().namespace(), meta().name());
      return found != null && Meta.of(found).uid().equals(id());
    } catch (ApiException e) {
      return !e.is(Reason.NOT_FOUND);
    }
  }

  /// Has it ask again: what was made for it comes to an end.
  public void askAgain() {
    Struct annotations = Struct.of(FORCE, world.now().toString());
    try {
      Struct _ =
          api.patch(
              resource(),
              meta().namespace(),
              meta().name(),
              "",
              PatchType.MERGE,
              Struct.of("metadata", Struct.of("annotations", annotations)));
    } catch (ApiException e) {
      // it is gone, or asks by its interval
    }
  }
}
