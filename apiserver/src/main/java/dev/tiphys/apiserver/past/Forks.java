package dev.tiphys.apiserver.past;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.embedded.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/// Gives out the whole store as it was at some revision, so that another cluster can begin there.
/// What is encrypted is given out encrypted, so the other cluster needs the keys.
///
/// Costs about as much as reading every object once; writers are not held up.
///
/// Threads: any.
public final class Forks {

  private final Catalog catalog;
  private final Duration eventLife;

  /// @param eventLife how long events live on in the other cluster
  public Forks(Catalog catalog, Duration eventLife) {
    this.catalog = catalog;
    this.eventLife = eventLife;
  }

  /// The store as it is now.
  public byte[] now() {
    return at(new Version.Newest());
  }

  /// The store as it was.
  ///
  /// @throws ApiException `EXPIRED` if that is forgotten by now
  public byte[] at(Version version) {
    return write(catalog.registry("", "namespaces").snapshot(version));
  }

  private byte[] write(Snapshot snapshot) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    try {
      SealedSnapshot sealed = new SealedSnapshot(snapshot, catalog);
      Seed.write(sealed.differs() ? sealed : snapshot, eventLife, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes what is written", e);
    } catch (StoreException e) {
      throw Storage.refusal(e);
    }
  }
}
