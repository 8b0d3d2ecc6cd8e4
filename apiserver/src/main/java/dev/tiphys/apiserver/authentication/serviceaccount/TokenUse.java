package dev.tiphys.apiserver.authentication.serviceaccount;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Notes on a Secret on which day the token in it was used last, so that those that nothing uses
/// can be found.
///
/// Threads: any.
public final class TokenUse {

  private static final System.Logger LOG = System.getLogger(TokenUse.class.getName());
  private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";

  private final World world;
  private final Api api;

  /// @param api may patch Secrets
  public TokenUse(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// The token in a Secret was used. Clocks of servers may differ, so tomorrow counts as today.
  void note(Struct secret) {
    Meta meta = Meta.of(secret);
    LocalDate today = LocalDate.ofInstant(world.now(), ZoneOffset.UTC);
    String last = meta.label(LAST_USED);
    if (last.equals(today.toString()) || last.equals(today.plusDays(1).toString())) {
      return;
    }
    Struct labels = Struct.of("labels", Struct.of(LAST_USED, today.toString()));
    try {
      api.patch(
          ApiResource.SECRETS,
          meta.namespace(),
          meta.name(),
          "",
          PatchType.MERGE,
          Struct.of("metadata", labels));
    } catch (ApiException e) {
      LOG.log(
          Level.WARNING,
          "it could not be noted that a token was used: secret={0}/{1} error={2}",
          meta.namespace(),
          meta.name(),
          e.message());
    }
  }
}
