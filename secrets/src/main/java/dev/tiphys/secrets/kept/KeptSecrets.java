package dev.tiphys.secrets.kept;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Secrets of the cluster that ExternalSecrets keep, as they are known here.
///
/// Threads: any.
public final class KeptSecrets implements AutoCloseable {

  private final Informer secrets;
  private final ObjectIndex byOwner;

  public KeptSecrets(World world, Api api) {
    this.secrets =
        new Informer(
            world,
            api,
            ApiResource.SECRETS,
            "",
            ListOptions.withLabels(TargetSecret.MANAGED + "=true"));
    this.byOwner = secrets.index(KeptSecrets::owners);
  }

  private static List<String> owners(Struct secret) {
    Meta meta = Meta.of(secret);
    String owner = meta.label(TargetSecret.CREATED_BY);
    return owner.isEmpty() ? List.of() : List.of(meta.namespace() + "/" + owner);
  }

  /// Has changes of them told; before it is started.
  public void listen(Informer.Listener listener) {
    Informer _ = secrets.listen(listener);
  }

  /// Begins, and waits until all of them are known.
  public void start() throws InterruptedException {
    Informer _ = secrets.start();
    secrets.awaitSynced();
  }

  /// The one that an ExternalSecret is to keep; null if it is not there, or not kept yet.
  public @Nullable Struct target(ExternalSecret secret) {
    return secrets.find(secret.namespace(), secret.targetName());
  }

  /// All that an ExternalSecret owns, under whatever name.
  public List<Struct> ownedBy(ExternalSecret secret) {
    return byOwner.with(secret.namespace() + "/" + secret.ownerLabel());
  }

  @Override
  public void close() {
    secrets.close();
  }
}
