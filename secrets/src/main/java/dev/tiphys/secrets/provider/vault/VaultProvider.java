package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.Capabilities;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.UndecidedStore;
import java.util.Optional;

/// KV engines of HashiCorp Vault and OpenBao.
public final class VaultProvider implements Provider {

  private final Sessions sessions;

  public VaultProvider() {
    this(new Sessions());
  }

  VaultProvider(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public String name() {
    return "vault";
  }

  @Override
  public Capabilities capabilities(Store store) {
    return Capabilities.READ_WRITE;
  }

  @Override
  public Optional<String> problem(Store store) {
    return new SettingsCheck(store).problem();
  }

  @Override
  public OpenStore open(StoreContext context) throws InterruptedException {
    Struct vault = context.settings();
    boolean undecided = context.store().isCluster() && context.namespace().isEmpty();
    if (undecided && SettingsCheck.leavesNamespaceOpen(vault.struct("auth"))) {
      String _ = context.references().namespaceOf(Struct.EMPTY); // it is one of those
      return new UndecidedStore();
    }
    Session session =
        sessions.open(
            context.world(),
            context.transport(),
            vault,
            context.store().spec(),
            context.references(),
            context.counter());
    KeyPaths paths = new KeyPaths(vault.string("path"), !vault.string("version").equals("v1"));
    KeyValues values = new KeyValues(context.world(), session, paths);
    return new VaultStore(values, new Writing(values, vault.bool("checkAndSet", "required")));
  }
}
